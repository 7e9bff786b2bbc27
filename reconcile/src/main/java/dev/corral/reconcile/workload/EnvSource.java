package dev.corral.reconcile.workload;

import dev.corral.reconcile.NameRule;
import java.util.Set;

/** Where the value of a variable comes from when a container starts. Source: Kubernetes API, {@code EnvVarSource}. */
public sealed interface EnvSource {
    /**
     * A key of a {@link ConfigMap}.
     *
     * @param optional whether there is no such variable if there is no such key; otherwise the pod waits for it
     */
    record ConfigMapKey(String name, String key, boolean optional) implements EnvSource {}

    /** A key of a {@link Secret}. */
    record SecretKey(String name, String key, boolean optional) implements EnvSource {}

    /**
     * Something about the pod.
     *
     * @param fieldPath {@code metadata.name}, {@code metadata.uid} or {@code spec.nodeName}
     */
    record PodField(String fieldPath) implements EnvSource {}

    /** Checks it, at the field of a variable that has its name. */
    static void validate(EnvSource source, Problems problems) {
        if (source instanceof ConfigMapKey from) {
            key(from.name(), from.key(), problems.at("configMapKeyRef"));
        } else if (source instanceof SecretKey from) {
            key(from.name(), from.key(), problems.at("secretKeyRef"));
        } else if (source instanceof PodField field) {
            problems.at("fieldRef.fieldPath")
                    .require(
                            Set.of("metadata.name", "metadata.uid", "spec.nodeName")
                                    .contains(field.fieldPath()),
                            field.fieldPath(),
                            "it must be metadata.name, metadata.uid or spec.nodeName");
        }
    }

    private static void key(String name, String key, Problems problems) {
        problems.at("name").rule(NameRule.DNS_SUBDOMAIN, name);
        ConfigData.key(key, problems.at("key"));
    }
}
