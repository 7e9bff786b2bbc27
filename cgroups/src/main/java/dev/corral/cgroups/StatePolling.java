package dev.corral.cgroups;

import java.util.List;
import java.util.Optional;

/** Looks whether a group without a directory in the version 2 tree is there, has processes and stands still. */
final class StatePolling {
    private final Subscription subscription;
    private final List<GroupDirectory> directories;
    private final Optional<GroupDirectory> freezer;
    private boolean populated;
    private boolean frozen;

    StatePolling(Subscription subscription, List<GroupDirectory> directories) {
        this.subscription = subscription;
        this.directories = directories;
        this.freezer = directories.stream()
                .filter(group -> group.hierarchy().controllers().contains("freezer"))
                .findFirst();
        populated = isPopulated();
        frozen = isFrozen();
    }

    void look() {
        if (!directories.get(0).alive()) {
            subscription.gone();
            return;
        }
        boolean populatedNow = isPopulated();
        boolean frozenNow = isFrozen();
        if (populatedNow != populated) {
            subscription.deliver(populatedNow ? CgroupEvents::populated : CgroupEvents::empty);
        }
        if (frozenNow != frozen) {
            subscription.deliver(frozenNow ? CgroupEvents::frozen : CgroupEvents::thawed);
        }
        populated = populatedNow;
        frozen = frozenNow;
    }

    private boolean isPopulated() {
        return directories.stream().anyMatch(group -> !group.members().isEmpty());
    }

    private boolean isFrozen() {
        return freezer.filter(group -> group.words("freezer.state").contains("FROZEN"))
                .isPresent();
    }
}
