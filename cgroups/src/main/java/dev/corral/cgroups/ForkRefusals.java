package dev.corral.cgroups;

import java.util.Optional;

/** Tells a subscription of forks that were refused since the last look. */
final class ForkRefusals {
    private final Subscription subscription;
    private final GroupDirectory group;
    private PidsLevels before;

    ForkRefusals(Subscription subscription, GroupDirectory group) {
        this.subscription = subscription;
        this.group = group;
        this.before = PidsLevels.of(group);
    }

    void look() {
        if (!before.roseAround()) {
            return;
        }
        Optional<PidsLevels.Owner> owner = before.owner();
        CgroupEvents.ForkRefused refused =
                new CgroupEvents.ForkRefused(owner.map(PidsLevels.Owner::limit), owner.map(PidsLevels.Owner::path));
        before = PidsLevels.of(group);
        subscription.deliver(events -> events.pidsLimit(refused));
    }
}
