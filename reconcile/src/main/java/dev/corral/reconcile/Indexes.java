package dev.corral.reconcile;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The paths of resources, with their numbers, by controller, by another owner, by label and by functions of their kinds. */
record Indexes(Tree<Term, Tree<Path, Path>> paths) {
    static Indexes empty() {
        return new Indexes(Tree.empty());
    }

    /** The paths of all that are found by a term. */
    Tree<Path, Path> found(Term term) {
        Tree<Path, Path> found = paths.get(term);
        return found == null ? Tree.empty() : found;
    }

    Indexes with(Object edit, Stored<?, ?> come) {
        return put(edit, come.path(), terms(come.resource()));
    }

    Indexes without(Object edit, Stored<?, ?> gone) {
        return remove(edit, gone.path(), terms(gone.resource()));
    }

    /** With another form of a resource; what it is still found by isn't touched. */
    Indexes changed(Object edit, Resource<?, ?> before, Stored<?, ?> form) {
        Resource<?, ?> after = form.resource();
        Metadata old = before.metadata();
        Metadata now = after.metadata();
        Indexes next = this;
        if (!now.labels().equals(old.labels())) {
            next = next.moved(edit, form.path(), labels(old.labels()), labels(now.labels()));
        }
        if (!now.owners().equals(old.owners())) {
            next = next.moved(edit, form.path(), owners(old), owners(now));
        }
        for (String index : after.kind().indexNames()) {
            List<String> gone = values(before, index);
            List<String> come = values(after, index);
            if (!come.equals(gone)) {
                next = next.moved(
                        edit, form.path(), fields(before.kind(), index, gone), fields(after.kind(), index, come));
            }
        }
        return next;
    }

    private Indexes moved(Object edit, Path path, List<Term> from, List<Term> to) {
        List<Term> gone = new ArrayList<>(from);
        gone.removeAll(to);
        List<Term> come = new ArrayList<>(to);
        come.removeAll(from);
        return remove(edit, path, gone).put(edit, path, come);
    }

    private Indexes put(Object edit, Path path, List<Term> terms) {
        Tree<Term, Tree<Path, Path>> all = paths;
        for (Term term : terms) {
            all = all.changed(
                    edit, term, found -> (found == null ? Tree.<Path, Path>empty() : found).put(edit, path, path));
        }
        return new Indexes(all);
    }

    private Indexes remove(Object edit, Path path, List<Term> terms) {
        Tree<Term, Tree<Path, Path>> all = paths;
        for (Term term : terms) {
            all = all.changed(edit, term, found -> found == null ? null : notEmpty(found.remove(edit, path)));
        }
        return new Indexes(all);
    }

    private static @Nullable Tree<Path, Path> notEmpty(Tree<Path, Path> tree) {
        return tree.isEmpty() ? null : tree;
    }

    private static List<Term> terms(Resource<?, ?> resource) {
        List<Term> terms = labels(resource.metadata().labels());
        terms.addAll(owners(resource.metadata()));
        for (String index : resource.kind().indexNames()) {
            terms.addAll(fields(resource.kind(), index, values(resource, index)));
        }
        return terms;
    }

    private static List<Term> labels(Map<String, String> labels) {
        List<Term> terms = new ArrayList<>(labels.size() + 1);
        labels.forEach((label, value) -> terms.add(Term.label(label, value)));
        return terms;
    }

    private static List<Term> owners(Metadata metadata) {
        List<Term> terms = new ArrayList<>(1);
        for (OwnerReference owner : metadata.owners()) {
            terms.add(Term.of(owner));
        }
        return terms;
    }

    private static List<Term> fields(Kind<?, ?> kind, String index, List<String> values) {
        List<Term> terms = new ArrayList<>(values.size());
        for (String value : values) {
            terms.add(Term.field(kind, index, value));
        }
        return terms;
    }

    private static <S, T> List<String> values(Resource<S, T> resource, String index) {
        return List.copyOf(resource.kind().indexed(index, resource));
    }

    /** A label of which a selector names all values that it can have. */
    record Label(String key, List<String> values) {
        List<Term> terms() {
            return values.stream()
                    .distinct()
                    .map(value -> Term.label(key, value))
                    .toList();
        }
    }

    static Optional<Label> label(LabelSelector selector) {
        if (!selector.matchLabels().isEmpty()) {
            var first = selector.matchLabels().entrySet().iterator().next();
            return Optional.of(new Label(first.getKey(), List.of(first.getValue())));
        }
        return selector.matchExpressions().stream()
                .filter(requirement -> requirement.operator() == LabelSelector.Operator.IN)
                .findFirst()
                .map(requirement -> new Label(requirement.key(), requirement.values()));
    }
}
