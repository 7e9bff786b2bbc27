package dev.corral.reconcile.workload;

import dev.corral.reconcile.Context;
import dev.corral.reconcile.Declared;
import dev.corral.reconcile.NameRule;
import dev.corral.reconcile.Plan;
import dev.corral.reconcile.Resource;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** One pass over one DaemonSet: first each node gets what it shall have, then what has an old template is replaced. */
final class DaemonSetRound {
    /** So many pods at most are created, and as many deleted, in one pass; the next one goes on. */
    private static final int BURST = 250;
    /** A longer name of a node is told by its hash. */
    private static final int LONGEST_NODE_NAME = 30;

    private final Context<DaemonSetSpec, DaemonSetStatus> set;
    private final DaemonSetSpec spec;
    private final PodSpec tolerant;
    private final Revisions revisions;
    private final Availability availability;
    private final List<Resource<PodSpec, PodStatus>> pods;
    private final Map<String, DaemonPods> nodes = new TreeMap<>();
    private final Map<String, DaemonSetStatus.BackOff> backOffs = new TreeMap<>();
    private final List<String> starting = new ArrayList<>();
    private final List<Resource<PodSpec, PodStatus>> ending = new ArrayList<>();
    private Optional<Instant> wake = Optional.empty();

    DaemonSetRound(Context<DaemonSetSpec, DaemonSetStatus> set) {
        this.set = set;
        this.spec = set.spec();
        this.tolerant = DaemonSetController.tolerant(spec.template().spec());
        this.revisions = Revisions.of(set, spec.template(), set.status().collisionCount());
        this.availability = new Availability(spec.minReady(), set.now());
        this.pods = set.children(Pod.KIND).stream()
                .sorted(Comparator.comparing((Resource<PodSpec, PodStatus> pod) ->
                                pod.metadata().created())
                        .thenComparing(Resource::name))
                .toList();
        Map<String, List<Resource<PodSpec, PodStatus>>> byNode = pods.stream()
                .collect(Collectors.groupingBy(pod -> pod.spec().nodeName().orElse("")));
        set.snapshot()
                .list(Node.KIND)
                .forEach(node -> nodes.put(
                        node.name(),
                        new DaemonPods(
                                node.name(),
                                DaemonSetController.shouldRun(tolerant, node),
                                DaemonSetController.shouldContinue(tolerant, node),
                                node.status().conditions().holds(NodeStatus.READY),
                                byNode.getOrDefault(node.name(), List.of()),
                                revisions.update().name(),
                                availability)));
        byNode.forEach((node, there) -> nodes.computeIfAbsent(
                node,
                gone -> new DaemonPods(
                        node, false, false, false, there, revisions.update().name(), availability)));
    }

    Plan<DaemonSetStatus> plan() {
        nodes.values().forEach(this::manage);
        if (starting.isEmpty()
                && ending.isEmpty()
                && spec.updateStrategy() instanceof DaemonSetUpdateStrategy.Rolling r) {
            update(r);
        }
        boolean more = starting.size() > BURST || ending.size() > BURST;
        List<Resource<PodSpec, PodStatus>> now = ending.stream().limit(BURST).toList();
        List<String> started = starting.stream().limit(BURST).toList();
        Set<String> used = pods.stream().map(Revisions::of).collect(Collectors.toSet());
        List<Declared<?, ?>> children = new ArrayList<>(started(started));
        children.add(revisions.update());
        Plan<DaemonSetStatus> plan = Plan.<DaemonSetStatus>children(children)
                .keep(pods.stream().filter(pod -> !now.contains(pod)).toList())
                .keep(revisions.kept(used, spec.revisionHistoryLimit()));
        for (Resource<PodSpec, PodStatus> pod : now) {
            plan = plan.delete(pod);
        }
        if (more || !now.isEmpty() || !started.isEmpty()) {
            plan = plan.wakeAt(set.now());
        }
        Plan<DaemonSetStatus> waking = wake.isPresent() ? plan.wakeAt(wake.get()) : plan;
        Plan<DaemonSetStatus> done = waking.status(status(now, started));
        return availability.next(pods).map(done::wakeAt).orElse(done);
    }

    /** What a node shall have, whatever the template. */
    private void manage(DaemonPods node) {
        DaemonSetStatus.BackOff before = set.status().backOffs().get(node.name());
        if (before != null && node.shouldContinue()) {
            backOffs.put(node.name(), before);
        }
        if (!node.shouldContinue()) {
            ending.addAll(node.staying());
        } else if (node.shouldRun() && node.all().isEmpty()) {
            starting.add(node.name());
        } else {
            node.staying().stream()
                    .filter(pod -> pod.status().phase() == PodPhase.SUCCEEDED)
                    .forEach(ending::add);
            node.staying().stream()
                    .filter(pod -> pod.status().phase() == PodPhase.FAILED)
                    .forEach(pod -> failed(node, pod));
            ending.addAll(surges() ? node.beyondTwo() : node.beyondOne());
        }
    }

    /** A failed pod is taken away at once for the first time, and then less and less often. */
    private void failed(DaemonPods node, Resource<PodSpec, PodStatus> pod) {
        DaemonSetStatus.BackOff before = backOffs.get(node.name());
        if (before != null && set.now().isBefore(before.end())) {
            wake = wake.filter(at -> at.isBefore(before.end())).or(() -> Optional.of(before.end()));
            return;
        }
        ending.add(pod);
        backOffs.put(node.name(), before == null ? DaemonSetStatus.BackOff.first(set.now()) : before.next(set.now()));
    }

    private int desired() {
        return (int) nodes.values().stream().filter(DaemonPods::shouldRun).count();
    }

    private boolean surges() {
        return spec.updateStrategy() instanceof DaemonSetUpdateStrategy.Rolling rolling && rolling.surge(desired()) > 0;
    }

    private void update(DaemonSetUpdateStrategy.Rolling rolling) {
        if (surges()) {
            surge(rolling.surge(desired()));
        } else {
            replace(rolling.unavailable(desired()));
        }
    }

    /** Old pods that serve nobody go freely, the others as long as enough nodes are served; dead nodes hold up nothing. */
    private void replace(int mostUnavailable) {
        int left = mostUnavailable
                - (int) nodes.values().stream()
                        .filter(DaemonPods::shouldRun)
                        .filter(node -> node.alive() && !node.served())
                        .count();
        for (DaemonPods node : nodes.values()) {
            Optional<Resource<PodSpec, PodStatus>> old = node.old();
            if (old.isEmpty() || node.fresh().isPresent()) {
                continue;
            }
            if (!availability.of(old.get())) {
                ending.add(old.get());
            } else if (left > 0) {
                ending.add(old.get());
                left--;
            }
        }
    }

    /** A new pod is started beside the old one, which goes when the new one is available. */
    private void surge(int most) {
        int left = most
                - (int) nodes.values().stream()
                        .filter(node -> node.old().isPresent() && node.fresh().isPresent())
                        .count();
        for (DaemonPods node : nodes.values()) {
            Optional<Resource<PodSpec, PodStatus>> old = node.old();
            if (old.isEmpty() || !node.shouldRun() || node.fresh().isPresent()) {
                continue;
            }
            if (!availability.of(old.get())) {
                starting.add(node.name());
            } else if (left > 0) {
                starting.add(node.name());
                left--;
            }
        }
    }

    private List<Pod> started(List<String> on) {
        Set<String> given = new HashSet<>();
        List<Pod> fresh = new ArrayList<>();
        for (String node : on) {
            String name = name(node, given);
            given.add(name);
            Map<String, String> labels = Copies.with(
                    spec.template().labels(),
                    ControllerRevision.LABEL,
                    revisions.update().name());
            fresh.add(new Pod(name, labels, tolerant.nodeName(node)));
        }
        return fresh;
    }

    private String name(String node, Set<String> given) {
        boolean fits = node.length() <= LONGEST_NODE_NAME
                && NameRule.DNS_LABEL.complaint(node).isEmpty();
        String place = fits ? node : TemplateHash.of(node);
        for (int slot = 0; ; slot++) {
            String name = Names.child(set.name(), place + "-" + slot, Slots.LONGEST_NAME);
            if (!given.contains(name) && !Slots.taken(set, name)) {
                return name;
            }
        }
    }

    /** What is seen now, and what is on its way. */
    private DaemonSetStatus status(List<Resource<PodSpec, PodStatus>> going, List<String> coming) {
        int desired = desired();
        int current = 0;
        int ready = 0;
        int updated = 0;
        int available = 0;
        int misplaced = 0;
        for (DaemonPods node : nodes.values()) {
            List<Resource<PodSpec, PodStatus>> there =
                    node.staying().stream().filter(pod -> !going.contains(pod)).toList();
            boolean comes = coming.contains(node.name());
            boolean has = comes || !there.isEmpty();
            if (!node.shouldRun()) {
                misplaced += has ? 1 : 0;
                continue;
            }
            current += has ? 1 : 0;
            ready += there.stream().anyMatch(Pod::ready) ? 1 : 0;
            available += there.stream().anyMatch(availability::of) ? 1 : 0;
            boolean onlyNew = there.stream().allMatch(node::isFresh);
            updated += has && onlyNew ? 1 : 0;
        }
        return new DaemonSetStatus(
                set.metadata().generation(),
                desired,
                current,
                misplaced,
                ready,
                updated,
                available,
                desired - available,
                revisions.collisions(),
                backOffs);
    }
}
