package dev.corral.reconcile.workload;

import dev.corral.reconcile.Declared;
import dev.corral.reconcile.Kind;
import java.util.Map;

/**
 * A directory that outlives the pods that use it. The directory is there as long as the claim is. Source: Kubernetes API,
 * {@code PersistentVolumeClaim}.
 *
 * @param name a DNS subdomain
 */
public record PersistentVolumeClaim(String name, Map<String, String> labels, PersistentVolumeClaimSpec spec)
        implements Declared<PersistentVolumeClaimSpec, PersistentVolumeClaimStatus> {
    public static final Kind<PersistentVolumeClaimSpec, PersistentVolumeClaimStatus> KIND = Kind.of(
                    "PersistentVolumeClaim", PersistentVolumeClaimSpec.class, PersistentVolumeClaimStatus.class)
            .validating(Problems.checking(PersistentVolumeClaimSpec::validate));

    public PersistentVolumeClaim {
        labels = Copies.sorted(labels);
    }

    @Override
    public Kind<PersistentVolumeClaimSpec, PersistentVolumeClaimStatus> kind() {
        return KIND;
    }
}
