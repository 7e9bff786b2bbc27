package dev.corral.reconcile.workload;

import dev.corral.reconcile.Context;
import dev.corral.reconcile.Declared;
import dev.corral.reconcile.Plan;
import dev.corral.reconcile.Resource;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** One pass over one StatefulSet: first missing pods, then those too many, then those of an old template. */
final class StatefulSetRound {
    private final Context<StatefulSetSpec, StatefulSetStatus> set;
    private final StatefulSetSpec spec;
    private final boolean ordered;
    private final Availability availability;
    private final Revisions revisions;
    private final String update;
    private final String current;
    /** Pods of the set by ordinal. */
    private final TreeMap<Integer, Resource<PodSpec, PodStatus>> pods = new TreeMap<>();

    private final List<Declared<?, ?>> children = new ArrayList<>();
    private final List<Resource<?, ?>> kept = new ArrayList<>();
    private final Map<Integer, Pod> created = new TreeMap<>();
    private final Set<Integer> deleted = new HashSet<>();
    private final List<String> told = new ArrayList<>();
    private final Map<String, BackOff> backOffs;
    private Optional<Instant> wake = Optional.empty();
    private boolean again;

    StatefulSetRound(Context<StatefulSetSpec, StatefulSetStatus> set) {
        this.set = set;
        this.spec = set.spec();
        this.ordered = spec.podManagementPolicy() == PodManagementPolicy.ORDERED_READY;
        this.availability = new Availability(spec.minReady(), set.now());
        this.revisions = Revisions.of(set, spec.template(), set.status().collisionCount());
        this.update = revisions.update().name();
        String before = set.status().currentRevision();
        this.backOffs = new TreeMap<>(set.status().backOffs());
        backOffs.keySet()
                .removeIf(name ->
                        StatefulSetController.ordinal(set.name(), name).stream().noneMatch(spec::wants));
        this.current = revisions.template(before).isPresent() ? before : update;
    }

    Plan<StatefulSetStatus> plan() {
        claim();
        if (replicas() && condemned()) {
            updated();
        }
        storage();
        StatefulSetStatus status = status();
        Set<String> used = new HashSet<>(List.of(current, status.currentRevision()));
        pods.values().forEach(pod -> used.add(Revisions.of(pod)));
        children.add(revisions.update());
        kept.addAll(revisions.kept(used, spec.revisionHistoryLimit()));
        children.addAll(created.values());
        Plan<StatefulSetStatus> plan =
                Plan.<StatefulSetStatus>children(children).keep(kept);
        for (Map.Entry<Integer, Resource<PodSpec, PodStatus>> pod : pods.entrySet()) {
            if (deleted.contains(pod.getKey())) {
                plan = plan.delete(pod.getValue());
            } else if (!created.containsKey(pod.getKey())) {
                plan = plan.keep(pod.getValue());
            }
        }
        for (String message : told) {
            plan = plan.event("StatefulSetProgress", message);
        }
        if (again) {
            plan = plan.wakeAt(set.now());
        }
        Plan<StatefulSetStatus> waking = wake.isPresent() ? plan.wakeAt(wake.get()) : plan;
        Plan<StatefulSetStatus> done = waking.status(status);
        return availability.next(pods.values()).map(done::wakeAt).orElse(done);
    }

    /** Takes pods of its names that belong to nobody, lets go those that the selector does not match any more. */
    private void claim() {
        for (Resource<PodSpec, PodStatus> pod : set.children(Pod.KIND)) {
            boolean matches = spec.selector().matches(pod.metadata().labels());
            if (!matches && !pod.metadata().terminating()) {
                children.add(declared(pod).outlivingItsOwner());
            } else {
                StatefulSetController.ordinal(set.name(), pod.name())
                        .ifPresentOrElse(ordinal -> pods.put(ordinal, pod), () -> kept.add(pod));
            }
        }
        set.list(Pod.KIND, spec.selector()).stream()
                .filter(pod -> pod.metadata().owner().isEmpty()
                        && !pod.metadata().terminating()
                        && StatefulSetController.ordinal(set.name(), pod.name()).isPresent())
                .forEach(pod -> {
                    children.add(declared(pod).adoptedIfThere());
                    again = true;
                });
    }

    private static Pod declared(Resource<PodSpec, PodStatus> pod) {
        return new Pod(pod.name(), pod.metadata().labels(), pod.spec());
    }

    /** False if the rest has to wait. */
    private boolean replicas() {
        for (int position = 0; position < spec.replicas(); position++) {
            if (!replica(spec.startOrdinal() + position, position) && ordered) {
                return false;
            }
        }
        return true;
    }

    private boolean replica(int ordinal, int position) {
        Resource<PodSpec, PodStatus> pod = pods.get(ordinal);
        if (pod == null) {
            create(ordinal, position);
            return false;
        }
        if (pod.metadata().terminating()) {
            return false;
        }
        if (pod.status().phase().terminal()) {
            if (!GivenUp.is(pod) || due(pod)) {
                deleted.add(ordinal);
            }
            return false;
        }
        if (!available(pod)) {
            if (ordered && spec.forceProgress() && outdated(pod) && position >= firstUpdated()) {
                deleted.add(ordinal);
                told.add(pod.name() + " has not become available with an old template and is replaced");
            } else {
                repair(ordinal, pod);
            }
            return false;
        }
        repair(ordinal, pod);
        return true;
    }

    /**
     * Whether a pod that has given up is replaced now: 10 s after its end, and twice as long after the next one, 300 s at most, unless
     * that came 600 s after this.
     */
    private boolean due(Resource<PodSpec, PodStatus> pod) {
        Instant end = GivenUp.end(pod);
        BackOff before = backOffs.get(pod.name());
        BackOff next = before == null ? BackOff.first(set.now()) : before.next(end, set.now());
        Instant due = end.plus(next.delay());
        if (set.now().isBefore(due)) {
            wake = wake.filter(due::isAfter).or(() -> Optional.of(due));
            return false;
        }
        backOffs.put(pod.name(), next);
        return true;
    }

    private void create(int ordinal, int position) {
        String name = StatefulSetController.podName(set.name(), ordinal);
        if (set.get(Pod.KIND, name).isPresent()) {
            told.add("the name of " + name + " is taken by a pod that does not belong to the set");
            return;
        }
        if (created.size() < ReplicaSetController.BURST) {
            created.put(ordinal, pod(name, ordinal, needsCurrent(position) ? current : update));
        } else {
            again = true;
        }
    }

    /** Whether a missing pod is made from the old template. */
    private boolean needsCurrent(int position) {
        return spec.updateStrategy() instanceof StatefulSetUpdateStrategy.Rolling rolling
                && position < rolling.partition().orElse(set.status().currentReplicas());
    }

    private Pod pod(String name, int ordinal, String revision) {
        PodTemplate template = revisions.template(revision).orElse(spec.template());
        PodSpec named = spec.withClaims(template.spec().hostname(name), claim -> claim + "-" + name);
        return new Pod(
                name,
                identity(template.labels(), name, ordinal, revision),
                spec.serviceName().map(named::subdomain).orElse(named));
    }

    private static Map<String, String> identity(Map<String, String> labels, String name, int ordinal, String revision) {
        Map<String, String> all = new TreeMap<>(labels);
        all.put(StatefulSet.POD_NAME_LABEL, name);
        all.put(StatefulSet.POD_INDEX_LABEL, Integer.toString(ordinal));
        all.put(ControllerRevision.LABEL, revision);
        return all;
    }

    /** A pod that was adopted, or whose labels somebody took away, gets what makes it the pod of its ordinal. */
    private void repair(int ordinal, Resource<PodSpec, PodStatus> pod) {
        Map<String, String> labels = pod.metadata().labels();
        Map<String, String> wanted = identity(labels, pod.name(), ordinal, Revisions.of(pod));
        if (Revisions.of(pod).isEmpty()) {
            wanted.remove(ControllerRevision.LABEL);
        }
        if (!wanted.equals(labels)) {
            created.put(ordinal, new Pod(pod.name(), wanted, pod.spec()));
        }
    }

    /** False if the rest has to wait. */
    private boolean condemned() {
        Optional<Integer> first = firstUnavailable();
        for (Map.Entry<Integer, Resource<PodSpec, PodStatus>> entry :
                pods.descendingMap().entrySet()) {
            Resource<PodSpec, PodStatus> pod = entry.getValue();
            if (spec.wants(entry.getKey())) {
                continue;
            }
            boolean mayGo = !pod.metadata().terminating()
                    && (!ordered
                            || available(pod)
                            || first.filter(entry.getKey()::equals).isPresent());
            if (mayGo) {
                deleted.add(entry.getKey());
            }
            if (ordered) {
                return false;
            }
        }
        return true;
    }

    /** The wanted ones ascending, then the others ascending. */
    private Optional<Integer> firstUnavailable() {
        for (int position = 0; position < spec.replicas(); position++) {
            Resource<PodSpec, PodStatus> pod = pods.get(spec.startOrdinal() + position);
            if (pod == null || !available(pod)) {
                return Optional.of(spec.startOrdinal() + position);
            }
        }
        return pods.entrySet().stream()
                .filter(entry -> !spec.wants(entry.getKey()) && !available(entry.getValue()))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    private void updated() {
        if (!(spec.updateStrategy() instanceof StatefulSetUpdateStrategy.Rolling rolling)) {
            return;
        }
        int mayGo = rolling.maxUnavailable()
                .map(most -> Math.max(1, most.scaledDown(spec.replicas())) - unavailable())
                .orElse(1);
        for (int position = spec.replicas() - 1; position >= rolling.firstUpdated() && mayGo > 0; position--) {
            int ordinal = spec.startOrdinal() + position;
            Resource<PodSpec, PodStatus> pod = pods.get(ordinal);
            if (pod == null || pod.metadata().terminating() || deleted.contains(ordinal)) {
                if (rolling.maxUnavailable().isEmpty()) {
                    return;
                }
            } else if (outdated(pod)) {
                deleted.add(ordinal);
                created.remove(ordinal);
                mayGo--;
            } else if (rolling.maxUnavailable().isEmpty() && !available(pod)) {
                return;
            }
        }
    }

    private int unavailable() {
        int count = 0;
        for (int position = 0; position < spec.replicas(); position++) {
            Resource<PodSpec, PodStatus> pod = pods.get(spec.startOrdinal() + position);
            count += pod != null && available(pod) ? 0 : 1;
        }
        return count;
    }

    private int firstUpdated() {
        return spec.updateStrategy() instanceof StatefulSetUpdateStrategy.Rolling rolling
                ? rolling.firstUpdated()
                : Integer.MAX_VALUE;
    }

    private boolean outdated(Resource<PodSpec, PodStatus> pod) {
        return !Revisions.of(pod).equals(update);
    }

    private boolean available(Resource<PodSpec, PodStatus> pod) {
        return Pod.active(pod) && pod.status().phase() == PodPhase.RUNNING && availability.of(pod);
    }

    private void storage() {
        if (spec.volumeClaimTemplates().isEmpty()) {
            return;
        }
        StorageClaims claims = new StorageClaims(set, pods.keySet());
        children.addAll(claims.wanted());
        kept.addAll(claims.kept());
        again |= claims.again();
    }

    private StatefulSetStatus status() {
        int ready = 0;
        int available = 0;
        int ofCurrent = 0;
        int ofUpdate = 0;
        int fresh = 0;
        for (Map.Entry<Integer, Resource<PodSpec, PodStatus>> entry : pods.entrySet()) {
            Resource<PodSpec, PodStatus> pod = entry.getValue();
            ready += Pod.ready(pod) && pod.status().phase() == PodPhase.RUNNING ? 1 : 0;
            available += available(pod) ? 1 : 0;
            boolean stays = !pod.metadata().terminating() && !deleted.contains(entry.getKey());
            ofCurrent += stays && Revisions.of(pod).equals(current) ? 1 : 0;
            ofUpdate += stays && Revisions.of(pod).equals(update) ? 1 : 0;
        }
        for (Map.Entry<Integer, Pod> entry : created.entrySet()) {
            if (!pods.containsKey(entry.getKey())) {
                String revision = entry.getValue().labels().getOrDefault(ControllerRevision.LABEL, "");
                fresh++;
                ofCurrent += revision.equals(current) ? 1 : 0;
                ofUpdate += revision.equals(update) ? 1 : 0;
            }
        }
        int replicas = pods.size() + fresh;
        boolean complete = spec.updateStrategy() instanceof StatefulSetUpdateStrategy.Rolling
                && ofUpdate == replicas
                && ready == replicas;
        return new StatefulSetStatus(
                set.metadata().generation(),
                replicas,
                ready,
                available,
                complete ? ofUpdate : ofCurrent,
                ofUpdate,
                complete ? update : current,
                update,
                revisions.collisions(),
                backOffs);
    }
}
