package dev.corral.reconcile.workload;

import dev.corral.reconcile.NameRule;
import java.util.List;
import java.util.Optional;

/**
 * Files that containers of a pod may mount. Source: Kubernetes API, {@code Volume}.
 *
 * @param name a DNS label, unique in its pod
 */
public record Volume(String name, VolumeSource source) {
    /** An empty directory on disk. */
    public static Volume emptyDir(String name) {
        return new Volume(name, new VolumeSource.EmptyDir(VolumeSource.Medium.DISK, Optional.empty()));
    }

    /** An empty directory of at most this size, such as {@code 1Gi}. */
    public static Volume emptyDir(String name, VolumeSource.Medium medium, String sizeLimit) {
        return new Volume(name, new VolumeSource.EmptyDir(medium, Optional.of(Quantity.parse(sizeLimit))));
    }

    /** What is at a path of the host; the container is not started if it is not of the type. */
    public static Volume hostPath(String name, String path, HostPathType type) {
        return new Volume(name, new VolumeSource.HostPath(path, type));
    }

    /** All keys of a {@link ConfigMap} as files. */
    public static Volume configMap(String name, String configMap) {
        return new Volume(name, new VolumeSource.FromConfigMap(configMap, List.of(), Optional.empty(), false));
    }

    /** All keys of a {@link Secret} as files. */
    public static Volume secret(String name, String secret) {
        return new Volume(name, new VolumeSource.FromSecret(secret, List.of(), Optional.empty(), false));
    }

    /** The directory of a {@link PersistentVolumeClaim}. */
    public static Volume claim(String name, String claim) {
        return new Volume(name, new VolumeSource.FromClaim(claim, false));
    }

    void validate(Problems problems) {
        problems.at("name").rule(NameRule.DNS_LABEL, name);
        VolumeSource.validate(source, problems);
    }
}
