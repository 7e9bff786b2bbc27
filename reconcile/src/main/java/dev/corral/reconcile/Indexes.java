package dev.corral.reconcile;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Under which paths resources are found besides their own: by controller, by another owner, by label, by functions of the kind. */
final class Indexes {
    private static final String CONTROLLED = "controlled";
    private static final String BELONGING = "belonging";
    private static final String LABEL = "label";
    private static final String FIELD = "field";

    private Indexes() {}

    /** False only if two forms of a resource are surely found under the same paths. */
    static boolean mayDiffer(Resource<?, ?> before, Resource<?, ?> after) {
        Metadata old = before.metadata();
        Metadata now = after.metadata();
        return !now.labels().equals(old.labels())
                || !now.owners().equals(old.owners())
                || !after.kind().indexNames().isEmpty();
    }

    /** Every path under which a resource is found. */
    static List<Path> entries(Resource<?, ?> resource) {
        Metadata metadata = resource.metadata();
        List<String> fields = resource.kind().indexNames();
        if (metadata.owners().isEmpty() && metadata.labels().isEmpty() && fields.isEmpty()) {
            return List.of();
        }
        Path path = Path.of(resource.kind(), resource.key());
        List<Path> entries = new ArrayList<>();
        for (OwnerReference owner : metadata.owners()) {
            entries.add((owner.controller() ? controlled(owner.uid()) : belonging(owner.uid())).then(path));
        }
        metadata.labels()
                .forEach((label, value) ->
                        entries.add(Path.of(LABEL, label, value).then(path)));
        addFields(resource, path, entries);
        return entries;
    }

    private static <S, T> void addFields(Resource<S, T> resource, Path path, List<Path> entries) {
        for (String name : resource.kind().indexNames()) {
            for (String value : resource.kind().indexed(name, resource)) {
                entries.add(field(resource.kind().name(), name, value).then(path));
            }
        }
    }

    static Path controlled(String ownerUid) {
        return Path.of(CONTROLLED, ownerUid);
    }

    static Path belonging(String ownerUid) {
        return Path.of(BELONGING, ownerUid);
    }

    static Path labelled(String label, String value, Path where) {
        return Path.of(LABEL, label, value).then(where);
    }

    static Path field(String kind, String index, String value) {
        return Path.of(FIELD, kind, index, value);
    }

    /** A label of which a selector names all values that it can have. */
    record Label(String key, List<String> values) {}

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
