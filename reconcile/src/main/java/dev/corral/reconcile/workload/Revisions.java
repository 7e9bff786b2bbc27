package dev.corral.reconcile.workload;

import dev.corral.reconcile.Context;
import dev.corral.reconcile.Metadata;
import dev.corral.reconcile.Resource;
import dev.corral.reconcile.Snapshot;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The templates that an object had and the one it has.
 *
 * @param stored all that are stored, oldest first
 * @param update the present one, as it shall be stored
 * @param collisions how often a name was taken so far
 */
record Revisions(
        List<Resource<ControllerRevisionSpec, ControllerRevisionStatus>> stored,
        ControllerRevision update,
        int collisions) {
    /** Leaves room for the numbers of pods, and is a label's value. */
    private static final int LONGEST_NAME = 52;

    static Revisions of(Context<?, ?> owner, PodTemplate template, int collisions) {
        List<Resource<ControllerRevisionSpec, ControllerRevisionStatus>> stored =
                owner.children(ControllerRevision.KIND).stream()
                        .filter(revision -> !revision.metadata().terminating())
                        .sorted(Comparator.comparingLong(
                                        (Resource<ControllerRevisionSpec, ControllerRevisionStatus> revision) ->
                                                revision.spec().revision())
                                .thenComparing(Resource::name))
                        .toList();
        long newest =
                stored.isEmpty() ? 0 : stored.get(stored.size() - 1).spec().revision();
        Optional<Resource<ControllerRevisionSpec, ControllerRevisionStatus>> same = stored.stream()
                .filter(revision -> revision.spec().template().equals(template))
                .reduce((older, newer) -> newer);
        if (same.isPresent()) {
            long number = same.get().spec().revision() == newest ? newest : newest + 1;
            return new Revisions(stored, declared(same.get().name(), template, number), collisions);
        }
        int count = collisions;
        while (owner.get(ControllerRevision.KIND, name(owner, template, count)).isPresent()) {
            count++;
        }
        return new Revisions(stored, declared(name(owner, template, count), template, newest + 1), count);
    }

    /** The revisions of an owner, oldest first. */
    static List<Revision> history(Snapshot snapshot, Metadata owner, PodTemplate present) {
        return snapshot.children(ControllerRevision.KIND, owner.uid()).stream()
                .filter(revision -> !revision.metadata().terminating())
                .map(revision -> new Revision(
                        revision.spec().revision(),
                        revision.name(),
                        revision.spec().template(),
                        revision.metadata().created(),
                        revision.spec().template().equals(present)))
                .sorted(Comparator.comparingLong(Revision::number).thenComparing(Revision::name))
                .toList();
    }

    private static String name(Context<?, ?> owner, PodTemplate template, int collisions) {
        return Names.child(owner.name(), template.hash(collisions), LONGEST_NAME);
    }

    private static ControllerRevision declared(String name, PodTemplate template, long number) {
        return new ControllerRevision(name, template.labels(), new ControllerRevisionSpec(number, template));
    }

    /** The template of a revision; empty if it isn't known any more. */
    Optional<PodTemplate> template(String name) {
        return name.equals(update.name())
                ? Optional.of(update.spec().template())
                : stored.stream()
                        .filter(revision -> revision.name().equals(name))
                        .map(revision -> revision.spec().template())
                        .findFirst();
    }

    /** Those that stay besides the present one: what is in use, and the newest of the others up to a limit. */
    List<Resource<ControllerRevisionSpec, ControllerRevisionStatus>> kept(Set<String> used, int limit) {
        List<Resource<ControllerRevisionSpec, ControllerRevisionStatus>> unused = stored.stream()
                .filter(revision ->
                        !used.contains(revision.name()) && !revision.name().equals(update.name()))
                .toList();
        List<Resource<ControllerRevisionSpec, ControllerRevisionStatus>> dropped =
                unused.subList(0, Math.max(0, unused.size() - limit));
        return stored.stream()
                .filter(revision ->
                        !dropped.contains(revision) && !revision.name().equals(update.name()))
                .toList();
    }

    static String of(Resource<PodSpec, PodStatus> pod) {
        return pod.metadata().labels().getOrDefault(ControllerRevision.LABEL, "");
    }
}
