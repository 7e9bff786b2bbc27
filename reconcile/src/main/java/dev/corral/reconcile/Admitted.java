package dev.corral.reconcile;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What may be stored: defaults filled in, the rules of the kind kept, names and labels as Kubernetes has them. */
final class Admitted {
    private final Sound sound;
    /** The last spec without a null in it: what was applied is mostly also what comes of it. */
    private @Nullable Object given;

    Admitted(Sound sound) {
        this.sound = sound;
    }

    /**
     * The next form of a resource, defaults filled in, if its kind's rules allow it. A spec that stays isn't checked again: rules
     * that came later must not keep a finalizer from being removed.
     */
    @SuppressWarnings("ReferenceEquality") // only saves comparing what is the same object
    <S, T> Resource<S, T> next(Resource<S, T> current, Resource<S, T> next) {
        boolean same = next.spec().equals(current.spec());
        if (!same) {
            requireGiven(next.kind(), next.key(), next.spec());
        }
        S spec = next.kind().defaulted(next.spec());
        Resource<S, T> defaulted = spec == next.spec() ? next : next.spec(spec);
        boolean stays = spec == next.spec() ? same : spec.equals(current.spec());
        if (!stays) {
            require(next.kind(), next.metadata(), Optional.of(current.spec()), spec);
        } else if (!sameWords(current.metadata(), next.metadata())) {
            requireMetadata(next.kind(), next.metadata(), List.of());
        }
        return defaulted;
    }

    /** Refuses a spec with a null in it: no rule, and no default, has to reckon with one. */
    @SuppressWarnings("ReferenceEquality") // the very object, looked at a moment ago
    void requireGiven(Kind<?, ?> kind, Key key, @Nullable Object spec) {
        if ((spec != null && spec == given) || sound.has(kind, spec)) {
            return;
        }
        List<Problem> nulls = Nulls.in("spec", spec);
        if (!nulls.isEmpty()) {
            throw new InvalidSpec(kind, key, nulls);
        }
        given = spec;
    }

    /**
     * Refuses what breaks a rule.
     *
     * @param before the spec that is stored; empty for a new resource
     */
    <S, T> void require(Kind<S, T> kind, Metadata metadata, Optional<S> before, S spec) {
        List<Problem> problems = kind.problems(metadata.key());
        if (!sound.has(kind, spec)) {
            problems.addAll(kind.problems(spec));
        }
        before.ifPresent(old -> problems.addAll(kind.problems(old, spec)));
        requireMetadata(kind, metadata, problems);
        sound.add(kind, spec);
    }

    /** Whether all that rules of metadata are about is as it is stored. */
    private static boolean sameWords(Metadata stored, Metadata next) {
        return next.labels().equals(stored.labels())
                && next.annotations().equals(stored.annotations())
                && next.owners().equals(stored.owners())
                && next.finalizers().equals(stored.finalizers());
    }

    private static void requireMetadata(Kind<?, ?> kind, Metadata metadata, List<Problem> more) {
        List<Problem> problems = new ArrayList<>(more);
        problems.addAll(LabelRule.problems(metadata.labels(), metadata.annotations()));
        problems.addAll(LabelRule.finalizerProblems(metadata.finalizers()));
        int controllers = 0;
        for (OwnerReference owner : metadata.owners()) {
            controllers += owner.controller() ? 1 : 0;
        }
        if (controllers > 1) {
            problems.add(new Problem("metadata.owners", "at most one owner is the controller"));
        }
        if (!problems.isEmpty()) {
            throw new InvalidSpec(kind, metadata.key(), problems);
        }
    }
}
