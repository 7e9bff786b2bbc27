package dev.corral.reconcile.workload;

import java.util.Optional;

/**
 * What Corral has for pods and Kubernetes has no word for.
 *
 * @param siblingRestarts what else is started again when a container is
 * @param giveUp when a pod whose containers keep ending fails for good; empty for never
 */
public record PodExtension(SiblingRestarts siblingRestarts, Optional<GiveUp> giveUp) {
    /** Nothing beyond Kubernetes. */
    static PodExtension none() {
        return new PodExtension(SiblingRestarts.ONE_FOR_ONE, Optional.empty());
    }

    void validate(Problems problems) {
        giveUp.ifPresent(limit -> limit.validate(problems.at("giveUp")));
    }
}
