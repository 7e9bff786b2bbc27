package dev.corral.cgroups;

/**
 * {@code memory.oom_control} of version 1. The kernel tells of the shortage before it kills, and tells groups in which it kills
 * nobody, so the counter is looked at for a while.
 */
final class OomSource extends EventControl {
    private static final long MILLIS = 1_000_000;
    /** The kernel prints a report before it kills, which takes from tens of microseconds to milliseconds. */
    private static final long SHORTEST = 50_000;
    /** A kill comes within that time as a rule, and is to be told of at once. */
    private static final long SOON = 20 * MILLIS;

    private static final long PATIENCE = 2_000 * MILLIS;

    private final OomKills kills;
    private long waited;
    private long pause;

    OomSource(Subscription subscription, GroupDirectory group) {
        super(subscription, group, "memory.oom_control", "");
        kills = new OomKills(group);
    }

    @Override
    void happened() {
        waited = 0;
        pause = SHORTEST;
        look();
    }

    /** Looks whether the kill has come, and again after a pause if it has not. */
    private void look() {
        if (kills.rose()) {
            kills.since().forEach(kill -> subscription.deliver(events -> events.oomKill(kill)));
        } else if (waited < PATIENCE) {
            long next = pause;
            waited += next;
            pause = Math.min(2 * next, (waited < SOON ? 1 : 100) * MILLIS);
            subscription.timer().after(next, this::look);
        }
    }
}
