package dev.corral.reconcile.workload;

import java.util.Optional;

/**
 * A key that becomes a file of a volume. Source: Kubernetes API, {@code KeyToPath}.
 *
 * @param path relative, below the volume's root
 * @param mode permission bits, 0 to 0777; the volume's if empty
 */
public record KeyToPath(String key, String path, Optional<Integer> mode) {
    public KeyToPath(String key, String path) {
        this(key, path, Optional.empty());
    }

    void validate(Problems problems) {
        ConfigData.key(key, problems.at("key"));
        Paths.within(path, problems.at("path"));
        mode.ifPresent(bits -> VolumeSource.mode(bits, problems.at("mode")));
    }
}
