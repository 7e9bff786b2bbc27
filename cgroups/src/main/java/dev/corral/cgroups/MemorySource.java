package dev.corral.cgroups;

import dev.corral.internal.linux.PollCalls;

/**
 * {@code memory.events} of version 2. The first wake-up of a kill may come before {@code oom_kill} has risen, because the kernel
 * tells of a file 100 times a second at most; the next one follows then.
 */
final class MemorySource extends EventSource {
    private final OomKills kills;
    private long killed;
    private long high;

    MemorySource(Subscription subscription, GroupDirectory group) {
        super(subscription, group, open(group, "memory.events"), PollCalls.POLLPRI);
        try {
            Keyed now = keyed();
            killed = now.get("oom_kill").orElse(0L);
            high = now.get("high").orElse(0L);
            kills = new OomKills(group);
        } catch (RuntimeException | Error e) {
            super.close();
            throw e;
        }
    }

    @Override
    void react() {
        Keyed now = keyed();
        long highNow = now.get("high").orElse(0L);
        long more = highNow - high;
        if (more > 0) {
            subscription.deliver(events -> events.memoryHigh(more));
        }
        high = highNow;
        long killedNow = now.get("oom_kill").orElse(0L);
        if (killedNow > killed) {
            if (!kills.since(this::tell)) {
                tell(kills.unseen());
            }
            kills.settle();
        }
        killed = killedNow;
    }

    private void tell(CgroupEvents.OomKill kill) {
        subscription.deliver(events -> events.oomKill(kill));
    }

    @Override
    public void close() {
        super.close();
        kills.close();
    }
}
