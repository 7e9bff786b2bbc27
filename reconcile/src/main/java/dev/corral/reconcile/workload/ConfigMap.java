package dev.corral.reconcile.workload;

import dev.corral.reconcile.Declared;
import dev.corral.reconcile.Kind;
import dev.corral.reconcile.NameRule;
import java.util.List;
import java.util.Map;

/**
 * Settings that containers are given as files or variables when they start. Source: Kubernetes API, {@code ConfigMap}.
 *
 * @param name a DNS subdomain
 */
public record ConfigMap(String name, Map<String, String> labels, ConfigMapSpec spec)
        implements Declared<ConfigMapSpec, ConfigMapStatus> {
    public static final Kind<ConfigMapSpec, ConfigMapStatus> KIND = Kind.of(
                    "ConfigMap", ConfigMapSpec.class, ConfigMapStatus.class)
            .names(NameRule.DNS_SUBDOMAIN)
            .validating(spec -> ConfigData.problems(spec.data()))
            .validatingChanges((before, after) -> before.immutable()
                    ? ConfigData.changes(before.data().equals(after.data()), after.immutable())
                    : List.of());

    public ConfigMap {
        labels = Copies.sorted(labels);
    }

    /** Without content yet. */
    public static ConfigMap named(String name) {
        return new ConfigMap(name, Map.of(), new ConfigMapSpec(Map.of(), false));
    }

    /** With this text under a key. */
    public ConfigMap data(String key, String text) {
        return data(key, Content.of(text));
    }

    /** With these bytes under a key. */
    public ConfigMap data(String key, Content content) {
        return new ConfigMap(name, labels, new ConfigMapSpec(Copies.with(spec.data(), key, content), spec.immutable()));
    }

    /** Never to be changed again, only to be deleted. */
    public ConfigMap immutable() {
        return new ConfigMap(name, labels, new ConfigMapSpec(spec.data(), true));
    }

    public ConfigMap label(String key, String value) {
        return new ConfigMap(name, Copies.with(labels, key, value), spec);
    }

    @Override
    public Kind<ConfigMapSpec, ConfigMapStatus> kind() {
        return KIND;
    }
}
