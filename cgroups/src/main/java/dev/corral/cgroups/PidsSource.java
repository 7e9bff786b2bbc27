package dev.corral.cgroups;

import dev.corral.internal.linux.PollCalls;

/** {@code pids.events} of version 2, of a group or one above it whose limit may be the one. */
final class PidsSource extends EventSource {
    private final ForkRefusals refusals;

    PidsSource(Subscription subscription, GroupDirectory group, ForkRefusals refusals) {
        super(subscription, group, open(group, "pids.events"), PollCalls.POLLPRI);
        this.refusals = refusals;
        keyed();
    }

    @Override
    void react() {
        keyed();
        refusals.look();
    }
}
