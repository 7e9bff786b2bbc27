package dev.corral.reconcile.workload;

import dev.corral.reconcile.Declared;
import dev.corral.reconcile.Kind;
import dev.corral.reconcile.NameRule;
import java.util.List;
import java.util.Map;

/**
 * What containers are given like a {@link ConfigMap}, and nobody else shall see: it shows in no text, and as a file it is kept
 * in memory. Within the JVM it is as it was given. Source: Kubernetes API, {@code Secret}.
 *
 * @param name a DNS subdomain
 */
public record Secret(String name, Map<String, String> labels, SecretSpec spec)
        implements Declared<SecretSpec, SecretStatus> {
    public static final Kind<SecretSpec, SecretStatus> KIND = Kind.of("Secret", SecretSpec.class, SecretStatus.class)
            .names(NameRule.DNS_SUBDOMAIN)
            .validating(spec -> ConfigData.problems(spec.data()))
            .validatingChanges((before, after) -> before.immutable()
                    ? ConfigData.changes(before.data().equals(after.data()), after.immutable())
                    : List.of());

    public Secret {
        labels = Copies.sorted(labels);
    }

    /** Without content yet. */
    public static Secret named(String name) {
        return new Secret(name, Map.of(), new SecretSpec(Map.of(), false));
    }

    /** With this text under a key. */
    public Secret data(String key, String text) {
        return data(key, Content.of(text));
    }

    /** With these bytes under a key. */
    public Secret data(String key, Content content) {
        return new Secret(name, labels, new SecretSpec(Copies.with(spec.data(), key, content), spec.immutable()));
    }

    /** Never to be changed again, only to be deleted. */
    public Secret immutable() {
        return new Secret(name, labels, new SecretSpec(spec.data(), true));
    }

    public Secret label(String key, String value) {
        return new Secret(name, Copies.with(labels, key, value), spec);
    }

    @Override
    public Kind<SecretSpec, SecretStatus> kind() {
        return KIND;
    }
}
