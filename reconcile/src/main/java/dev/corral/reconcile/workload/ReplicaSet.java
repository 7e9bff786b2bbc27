package dev.corral.reconcile.workload;

import dev.corral.reconcile.Declared;
import dev.corral.reconcile.Kind;
import dev.corral.reconcile.NameRule;
import java.util.Map;

/**
 * A number of equal pods, as somebody wants them. Source: Kubernetes API, {@code ReplicaSet}.
 *
 * @param name a DNS label; its pods add a number to it
 */
public record ReplicaSet(String name, Map<String, String> labels, ReplicaSetSpec spec)
        implements Declared<ReplicaSetSpec, ReplicaSetStatus> {
    public static final Kind<ReplicaSetSpec, ReplicaSetStatus> KIND = Kind.of(
                    "ReplicaSet", ReplicaSetSpec.class, ReplicaSetStatus.class)
            .names(NameRule.DNS_LABEL)
            .validating(spec -> {
                Problems problems = Problems.in("spec");
                spec.validate(problems);
                return problems.list();
            })
            .validatingChanges((before, after) -> {
                Problems problems = Problems.in("spec");
                problems.at("selector")
                        .require(before.selector().equals(after.selector()), after.selector(), "it can't be changed");
                return problems.list();
            });

    public ReplicaSet {
        labels = Copies.sorted(labels);
    }

    @Override
    public Kind<ReplicaSetSpec, ReplicaSetStatus> kind() {
        return KIND;
    }
}
