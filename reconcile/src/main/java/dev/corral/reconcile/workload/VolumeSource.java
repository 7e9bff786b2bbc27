package dev.corral.reconcile.workload;

import dev.corral.reconcile.NameRule;
import java.util.List;
import java.util.Optional;

/** Where the files of a volume come from. Source: Kubernetes API, {@code VolumeSource}. */
public sealed interface VolumeSource {
    /** What an empty directory is kept on. */
    enum Medium {
        /** The file system of temporary files. */
        DISK,
        /** Memory, which counts for the container that writes. */
        MEMORY
    }

    /**
     * A directory that is empty when the pod begins, shared by its containers, and removed with the pod.
     *
     * @param sizeLimit how many bytes it may hold. In memory, where the JVM may mount file systems, the kernel refuses more
     *     (ENOSPC). Else it is looked at every ten seconds: the containers of a pod that exceeds it are ended with reason
     *     {@code Evicted}, and the files stay until the pod goes
     */
    record EmptyDir(Medium medium, Optional<Quantity> sizeLimit) implements VolumeSource {}

    /**
     * A file or directory of the host, with its owners and rights.
     *
     * @param path absolute
     */
    record HostPath(String path, HostPathType type) implements VolumeSource {}

    /**
     * The content of a {@link ConfigMap} as files, one for each key, as it is when a container starts; read-only and in memory.
     *
     * @param items which keys, and where; all, each under its own name, if empty
     * @param defaultMode permission bits, 0 to 0777; 0644 if empty
     * @param optional whether it is empty if there is no such object or key; otherwise the pod waits for it
     */
    record FromConfigMap(String name, List<KeyToPath> items, Optional<Integer> defaultMode, boolean optional)
            implements VolumeSource {
        public FromConfigMap {
            items = List.copyOf(items);
        }
    }

    /** The same of a {@link Secret}. */
    record FromSecret(String secretName, List<KeyToPath> items, Optional<Integer> defaultMode, boolean optional)
            implements VolumeSource {
        public FromSecret {
            items = List.copyOf(items);
        }
    }

    /** The directory that a {@link PersistentVolumeClaim} names. It outlives the pod; the pod waits for the claim. */
    record FromClaim(String claimName, boolean readOnly) implements VolumeSource {}

    static void mode(int bits, Problems here) {
        here.require(bits >= 0 && bits <= 0777, bits, "it must be between 0 and 0777");
    }

    /** Checks it, at the field of a volume that has its name. */
    static void validate(VolumeSource source, Problems problems) {
        if (source instanceof EmptyDir empty) {
            empty.sizeLimit()
                    .ifPresent(size -> problems.at("emptyDir.sizeLimit")
                            .require(size.value().signum() > 0, size, "it must be more than 0"));
        } else if (source instanceof HostPath host) {
            Paths.absolute(host.path(), problems.at("hostPath.path"));
        } else if (source instanceof FromConfigMap map) {
            content(map.name(), map.items(), map.defaultMode(), "name", problems.at("configMap"));
        } else if (source instanceof FromSecret secret) {
            content(secret.secretName(), secret.items(), secret.defaultMode(), "secretName", problems.at("secret"));
        } else if (source instanceof FromClaim claim) {
            problems.at("persistentVolumeClaim.claimName").rule(NameRule.DNS_SUBDOMAIN, claim.claimName());
        }
    }

    private static void content(
            String name, List<KeyToPath> items, Optional<Integer> mode, String nameField, Problems problems) {
        problems.at(nameField).rule(NameRule.DNS_SUBDOMAIN, name);
        problems.each("items", items, KeyToPath::validate);
        mode.ifPresent(bits -> mode(bits, problems.at("defaultMode")));
    }
}
