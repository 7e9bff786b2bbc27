package dev.corral.reconcile.node;

import dev.corral.namespaces.NamespaceType;
import dev.corral.reconcile.workload.Container;
import dev.corral.reconcile.workload.PodSpec;
import dev.corral.reconcile.workload.Volume;
import dev.corral.reconcile.workload.VolumeMount;
import dev.corral.reconcile.workload.VolumeSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Which containers can outlive their JVM. */
final class Adoptable {
    private Adoptable() {}

    /**
     * Refuses one that could not.
     *
     * @param keepsClaims whether the directories of claims stay when the JVM ends
     * @throws NotAdoptable with all that would end with the JVM
     */
    static void require(PodSpec pod, Container container, boolean keepsClaims) {
        List<String> reasons = new ArrayList<>();
        Places places = Places.of(pod, container);
        if (!places.own().contains(NamespaceType.PID)) {
            reasons.add(
                    "it has no pid namespace of its own, and so no init that runs on and writes down how it ends: leave out"
                            + " shareProcessNamespace and hostPID, or confine it with namespace(PID, PRIVATE)");
        }
        for (VolumeMount mount : container.volumeMounts()) {
            pod.volumes().stream()
                    .filter(volume -> volume.name().equals(mount.name()))
                    .flatMap(volume -> why(volume, keepsClaims).stream())
                    .forEach(reasons::add);
        }
        if (!reasons.isEmpty()) {
            throw new NotAdoptable(container.name(), reasons);
        }
    }

    /** Why a volume goes with the JVM; empty if it stays. */
    private static Optional<String> why(Volume volume, boolean keepsClaims) {
        return volume.source() instanceof VolumeSource.FromClaim && !keepsClaims
                ? Optional.of("its volume " + volume.name()
                        + " is a claim without a directory that stays: name one by claims(directory)")
                : Optional.empty();
    }
}
