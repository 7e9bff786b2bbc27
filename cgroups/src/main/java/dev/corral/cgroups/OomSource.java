package dev.corral.cgroups;

/**
 * {@code memory.oom_control} of version 1. The kernel tells of the shortage before it kills, and tells groups in which it kills
 * nobody, so the counter is looked at for a while.
 */
final class OomSource extends EventControl {
    /** A kill comes within that time as a rule, and is to be told of at once. */
    private static final long SOON_MILLIS = 20;

    private static final long PATIENCE_MILLIS = 2_000;

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
        pause = 1;
        look();
    }

    /** Looks whether the kill has come, and again after a pause if it has not. */
    private void look() {
        if (kills.rose()) {
            kills.since().forEach(kill -> subscription.deliver(events -> events.oomKill(kill)));
        } else if (waited < PATIENCE_MILLIS) {
            long next = pause;
            waited += next;
            pause = waited < SOON_MILLIS ? next : Math.min(2 * next, 100);
            subscription.timer().after(next, this::look);
        }
    }
}
