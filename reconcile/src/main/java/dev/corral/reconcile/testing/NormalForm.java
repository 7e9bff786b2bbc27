package dev.corral.reconcile.testing;

import dev.corral.reconcile.Resource;
import dev.corral.reconcile.Snapshot;
import dev.corral.reconcile.workload.ControllerRevisionSpec;
import dev.corral.reconcile.workload.JobStatus;
import dev.corral.reconcile.workload.PodStatus;
import dev.corral.reconcile.workload.ReplicaSetSpec;
import java.util.ArrayList;
import java.util.List;

/**
 * What is stored, without what may differ between runs that end the same: names of children, versions, statuses, and what
 * is history: revisions, ReplicaSets that want no pods any more, and children that have come to their end.
 */
record NormalForm(List<String> lines) {
    static NormalForm of(Snapshot snapshot) {
        List<String> lines = new ArrayList<>();
        for (Resource<?, ?> resource : snapshot.all()) {
            if (snapshot.owner(resource).isEmpty()) {
                lines.addAll(tree(snapshot, resource, resource.title()));
            }
        }
        return new NormalForm(List.copyOf(lines));
    }

    private static List<String> tree(Snapshot snapshot, Resource<?, ?> root, String title) {
        List<List<String>> children = new ArrayList<>();
        for (Resource<?, ?> child : snapshot.children(root.metadata().uid())) {
            if (!history(child)) {
                children.add(tree(snapshot, child, child.kind().name()));
            }
        }
        children.sort((one, other) -> String.join("\n", one).compareTo(String.join("\n", other)));
        List<String> lines = new ArrayList<>();
        String deleting = root.metadata().terminating() ? ", being deleted" : "";
        lines.add(title + " " + root.metadata().labels() + " " + root.spec() + deleting);
        children.forEach(child -> child.forEach(line -> lines.add("  " + line)));
        return lines;
    }

    private static boolean history(Resource<?, ?> resource) {
        return resource.spec() instanceof ControllerRevisionSpec
                || (resource.spec() instanceof ReplicaSetSpec set && set.replicas() == 0)
                || (resource.status() instanceof PodStatus pod && pod.phase().terminal())
                || (resource.status() instanceof JobStatus job && job.finished());
    }

    /** What is in one of two only. */
    String differenceFrom(NormalForm expected) {
        List<String> more = new ArrayList<>(lines);
        expected.lines.forEach(more::remove);
        List<String> less = new ArrayList<>(expected.lines);
        lines.forEach(less::remove);
        StringBuilder text = new StringBuilder();
        less.forEach(line -> text.append("\n  missing: ").append(line.strip()));
        more.forEach(line -> text.append("\n  besides: ").append(line.strip()));
        return text.toString();
    }
}
