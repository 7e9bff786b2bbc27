package dev.corral.cgroups;

import dev.corral.internal.linux.Fd;
import dev.corral.internal.linux.PollCalls;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** Runs things later, on the thread that waits for events, for what the kernel tells of too early or not at all. */
final class EventTimer extends EventSource {
    private static final long MILLIS = 1_000_000;

    private final TreeMap<Long, List<Runnable>> due = new TreeMap<>();

    EventTimer(Subscription subscription, GroupDirectory group) {
        super(subscription, group, new Fd(PollCalls.timer()), PollCalls.POLLIN);
    }

    /** Of no effect once the subscription has ended. */
    void after(long nanos, Runnable action) {
        due.computeIfAbsent(System.nanoTime() + nanos, time -> new ArrayList<>())
                .add(action);
        set();
    }

    /** Runs it at once after each interval; what it throws ends the subscription. */
    void every(long millis, Runnable action) {
        after(millis * MILLIS, () -> {
            action.run();
            every(millis, action);
        });
    }

    @Override
    void react() {
        drain();
        long now = System.nanoTime();
        while (subscription.isActive() && !due.isEmpty() && due.firstKey() - now <= 0) {
            due.pollFirstEntry().getValue().forEach(Runnable::run);
        }
        set();
    }

    private void set() {
        if (subscription.isActive() && !due.isEmpty()) {
            PollCalls.setTimer(number(), Math.max(1, due.firstKey() - System.nanoTime()));
        }
    }
}
