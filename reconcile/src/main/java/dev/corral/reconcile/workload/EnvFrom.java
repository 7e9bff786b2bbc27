package dev.corral.reconcile.workload;

import dev.corral.reconcile.NameRule;

/**
 * All keys of an object as variables. Source: Kubernetes API, {@code EnvFromSource}.
 *
 * @param prefix goes before each key; may be empty
 */
public record EnvFrom(String prefix, Source source) {
    /** Which object. */
    public sealed interface Source {
        String name();

        /** Whether there are no variables if there is no such object; otherwise the pod waits for it. */
        boolean optional();
    }

    /** A {@link dev.corral.reconcile.workload.ConfigMap}. */
    public record OfConfigMap(String name, boolean optional) implements Source {}

    /** A {@link dev.corral.reconcile.workload.Secret}. */
    public record OfSecret(String name, boolean optional) implements Source {}

    void validate(Problems problems) {
        problems.at("prefix")
                .require(
                        prefix.indexOf('=') < 0 && prefix.indexOf('\0') < 0,
                        prefix.replace("\0", "\\0"),
                        "it must not contain '=' or a NUL");
        String field = source instanceof OfConfigMap ? "configMapRef" : "secretRef";
        problems.at(field + ".name").rule(NameRule.DNS_SUBDOMAIN, source.name());
    }
}
