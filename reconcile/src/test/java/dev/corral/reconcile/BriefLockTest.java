package dev.corral.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class BriefLockTest {
    private final BriefLock lock = new BriefLock();

    @Test
    void whoHasLookedInVainSleepsAndIsWoken() throws InterruptedException {
        CountDownLatch has = new CountDownLatch(1);
        Thread other = new Thread(() -> {
            lock.lock();
            try {
                has.countDown();
            } finally {
                lock.unlock();
            }
        });
        lock.lock();
        try {
            other.start();
            while (!lock.hasQueuedThread(other)) {
                Thread.onSpinWait();
            }
        } finally {
            lock.unlock();
        }
        assertThat(has.await(60, TimeUnit.SECONDS)).isTrue();
        other.join();
    }

    @Test
    void oneThreadHasItAtATime() throws InterruptedException {
        int[] count = {0};
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            threads.add(new Thread(() -> {
                for (int n = 0; n < 10_000; n++) {
                    lock.lock();
                    try {
                        count[0]++;
                    } finally {
                        lock.unlock();
                    }
                }
            }));
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(count[0]).isEqualTo(40_000);
    }
}
