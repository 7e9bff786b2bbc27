package dev.corral.cgroups;

import dev.corral.internal.linux.PollCalls;
import java.util.Optional;

/** {@code cgroup.events}: whether there is a process in the group, and whether it stands still. */
final class StateSource extends EventSource {
    private static final Optional<Long> YES = Optional.of(1L);

    private Keyed before;

    StateSource(Subscription subscription, GroupDirectory group) {
        super(subscription, group, open(group, "cgroup.events"), PollCalls.POLLPRI);
        before = keyed();
    }

    @Override
    void react() {
        Keyed now = keyed();
        boolean populated = now.get("populated").equals(YES);
        boolean frozen = now.get("frozen").equals(YES);
        if (populated != before.get("populated").equals(YES)) {
            subscription.deliver(populated ? CgroupEvents::populated : CgroupEvents::empty);
        }
        if (frozen != before.get("frozen").equals(YES)) {
            subscription.deliver(frozen ? CgroupEvents::frozen : CgroupEvents::thawed);
        }
        before = now;
    }
}
