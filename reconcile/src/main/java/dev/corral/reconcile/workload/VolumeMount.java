package dev.corral.reconcile.workload;

import java.util.Optional;

/**
 * Where a container has a volume. Source: Kubernetes API, {@code VolumeMount}.
 *
 * @param name the volume's
 * @param mountPath absolute, without {@code :}; another one for each mount of the container
 * @param readOnly whether it can't be written to
 * @param subPath a file or directory of the volume instead of all of it; made as a directory if there is nothing. No link is
 *     followed on the way
 */
public record VolumeMount(String name, String mountPath, boolean readOnly, Optional<String> subPath) {
    /** All of a volume, to be written to. */
    public VolumeMount(String name, String mountPath) {
        this(name, mountPath, false, Optional.empty());
    }

    public VolumeMount asReadOnly() {
        return new VolumeMount(name, mountPath, true, subPath);
    }

    /** Only what has this path in the volume. */
    public VolumeMount subPath(String path) {
        return new VolumeMount(name, mountPath, readOnly, Optional.of(path));
    }

    void validate(Problems problems, PodSpec pod) {
        problems.at("name")
                .require(
                        pod.volumes().stream().anyMatch(volume -> volume.name().equals(name)),
                        name,
                        "the pod has no volume of this name");
        Paths.absolute(mountPath, problems.at("mountPath"));
        problems.at("mountPath").require(!mountPath.contains(":"), mountPath, "it must not contain ':'");
        problems.at("mountPath")
                .require(!mountPath.matches("/+(\\./*)*"), mountPath, "the root is chosen by confines.root");
        subPath.ifPresent(path -> Paths.within(path, problems.at("subPath")));
    }
}
