package dev.corral.reconcile;

import java.util.concurrent.locks.ReentrantLock;

/**
 * A lock that is held for less time than it takes to put a thread to sleep and to wake it: who finds it taken looks again for a few
 * microseconds before it sleeps. Where several threads ask for it all the time, sleeping was half of what they did.
 */
final class BriefLock extends ReentrantLock {
    private static final long serialVersionUID = 1;
    private static final int LOOKS = 100;

    @Override
    public void lock() {
        for (int i = 0; i < LOOKS; i++) {
            if (tryLock()) {
                return;
            }
            Thread.onSpinWait();
        }
        super.lock();
    }
}
