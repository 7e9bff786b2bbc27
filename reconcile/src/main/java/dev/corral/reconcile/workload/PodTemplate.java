package dev.corral.reconcile.workload;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * What the pods of a replicating object look like. Two templates are the same exactly when they are equal. Source:
 * Kubernetes API, {@code PodTemplateSpec}.
 *
 * @param labels of each pod
 * @param spec of each pod
 */
public record PodTemplate(Map<String, String> labels, PodSpec spec) {
    /** The label with the hash of a ReplicaSet's template, by which a Deployment tells its pods apart. */
    public static final String HASH_LABEL = "pod-template-hash";

    public PodTemplate {
        labels = Copies.sorted(labels);
    }

    public PodTemplate label(String key, String value) {
        return new PodTemplate(Copies.with(labels, key, value), spec);
    }

    public PodTemplate spec(UnaryOperator<PodSpec> edit) {
        return new PodTemplate(labels, edit.apply(spec));
    }

    /** Whether it is the same but for the label with the hash. */
    boolean sameAs(PodTemplate other) {
        return spec.equals(other.spec) && Copies.sameBut(HASH_LABEL, labels, other.labels);
    }

    /** The same without the label with the hash. */
    PodTemplate withoutHash() {
        return new PodTemplate(Copies.without(labels, HASH_LABEL), spec);
    }

    /** A short text of letters and digits that follows from the template and the number of collisions so far. */
    String hash(int collisions) {
        return TemplateHash.of(CanonicalText.of(withoutHash()) + "\n" + collisions);
    }

    /** Checks a template whose pods are replicated: their containers must always be restarted. */
    void validate(Problems problems) {
        validate(problems, RestartPolicy.ALWAYS);
    }

    /** Checks a template whose pods must have one of these restart policies. */
    void validate(Problems problems, RestartPolicy... policies) {
        problems.labels("labels", labels);
        Problems inside = problems.at("spec");
        spec.validate(inside);
        if (!List.of(policies).contains(RestartPolicy.NEVER)) {
            inside.at("activeDeadline")
                    .require(
                            spec.activeDeadline().isEmpty(),
                            spec.activeDeadline().orElse(Duration.ZERO),
                            "pods that are replicated have no end");
        }
        inside.at("restartPolicy")
                .require(
                        List.of(policies).contains(spec.restartPolicy()),
                        spec.restartPolicy(),
                        policies.length == 1
                                ? "pods that are replicated must be restarted always"
                                : "it must be one of " + List.of(policies));
    }
}
