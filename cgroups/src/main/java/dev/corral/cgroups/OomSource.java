package dev.corral.cgroups;

/**
 * {@code memory.oom_control} of version 1. The kernel tells of the shortage before it kills, and tells groups in which it kills
 * nobody, so the counter is looked at for a while.
 */
final class OomSource extends EventControl {
    private static final long MILLIS = 1_000_000;
    /** The kernel prints a report before it kills, which takes from tens of microseconds to milliseconds. */
    private static final long SHORTEST = 50_000;
    /** Within that time a kill comes as a rule. */
    private static final long AT_ONCE = 5 * MILLIS;

    /** Within that time it comes on a machine that is busy, and is to be told of at once too. */
    private static final long SOON = 20 * MILLIS;

    private static final long PATIENCE = 2_000 * MILLIS;

    private final OomKills kills;
    private long waited;
    private long pause;

    OomSource(Subscription subscription, GroupDirectory group) {
        super(subscription, group, "memory.oom_control", "");
        try {
            kills = new OomKills(group);
        } catch (RuntimeException | Error e) {
            super.close();
            throw e;
        }
    }

    @Override
    void happened() {
        waited = 0;
        pause = SHORTEST;
        kills.expect();
        look();
    }

    /** Looks whether the kill has come, and again after a pause if it has not. */
    private void look() {
        if (kills.since(kill -> subscription.deliver(events -> events.oomKill(kill)))) {
            kills.settle();
        } else if (waited < PATIENCE) {
            long next = pause;
            waited += next;
            pause = Math.min(2 * next, longest());
            subscription.timer().after(next, this::look);
        }
    }

    @Override
    public void close() {
        super.close();
        kills.close();
    }

    private long longest() {
        if (waited < AT_ONCE) {
            return MILLIS / 5;
        }
        return (waited < SOON ? 1 : 100) * MILLIS;
    }
}
