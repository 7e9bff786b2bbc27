package dev.corral.reconcile.workload;

import dev.corral.reconcile.Declared;
import dev.corral.reconcile.Kind;
import java.util.Map;

/**
 * A template that a StatefulSet or DaemonSet had, under a rising number: what its pods are told apart by, and what it can go back
 * to. Source: Kubernetes API, {@code ControllerRevision}.
 *
 * @param name the owner's and a hash of the template
 */
public record ControllerRevision(String name, Map<String, String> labels, ControllerRevisionSpec spec)
        implements Declared<ControllerRevisionSpec, ControllerRevisionStatus> {
    /** The label of a pod with the name of the revision that it was made from. */
    public static final String LABEL = "controller-revision-hash";

    public static final Kind<ControllerRevisionSpec, ControllerRevisionStatus> KIND = Kind.of(
                    "ControllerRevision", ControllerRevisionSpec.class, ControllerRevisionStatus.class)
            .validating(Problems.checking((spec, problems) ->
                    problems.at("revision").require(spec.revision() > 0, spec.revision(), "it must be 1 or more")))
            .validatingChanges(Problems.checkingChanges((before, after, problems) -> problems.at("template")
                    .require(before.template().equals(after.template()), "another", Problems.UNCHANGEABLE)));

    public ControllerRevision {
        labels = Copies.sorted(labels);
    }

    @Override
    public Kind<ControllerRevisionSpec, ControllerRevisionStatus> kind() {
        return KIND;
    }
}
