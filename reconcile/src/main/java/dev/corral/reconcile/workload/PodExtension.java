package dev.corral.reconcile.workload;

import java.util.Optional;

/**
 * What Corral has for pods and Kubernetes has no word for.
 *
 * @param siblingRestarts what else is started again when a container is
 * @param giveUp when a pod whose containers keep ending fails for good; empty for never
 * @param confines how its containers are confined, unless they say otherwise themselves
 */
public record PodExtension(SiblingRestarts siblingRestarts, Optional<GiveUp> giveUp, Optional<Confines> confines) {
    /** Nothing beyond Kubernetes. */
    static PodExtension none() {
        return new PodExtension(SiblingRestarts.ONE_FOR_ONE, Optional.empty(), Optional.empty());
    }

    void validate(Problems problems) {
        giveUp.ifPresent(limit -> limit.validate(problems.at("giveUp")));
        confines.ifPresent(all -> all.validate(problems.at("confines")));
    }
}
