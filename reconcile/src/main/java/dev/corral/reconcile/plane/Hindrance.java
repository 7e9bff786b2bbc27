package dev.corral.reconcile.plane;

import dev.corral.reconcile.Event;
import dev.corral.reconcile.Printable;
import dev.corral.reconcile.Resource;
import dev.corral.reconcile.Snapshot;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What keeps a resource from being as somebody requires it, as far as anything tells, in a line. Pure. */
record Hindrance(Snapshot snapshot, List<Event> events, Instant now) {
    private static final int LONGEST = 200;

    /**
     * How far it is; of a kind that makes no progress of a known form its status, what was told of it last, and which of its
     * children waits.
     *
     * @param controlled whether a controller keeps its kind
     */
    String of(Resource<?, ?> resource, boolean controlled) {
        return Progress.of(snapshot, resource, now)
                .orElseGet(() -> Stream.of(
                                Optional.of(state(resource, controlled)), warning(resource), waitingChild(resource))
                        .flatMap(Optional::stream)
                        .collect(Collectors.joining("; ")));
    }

    private static String state(Resource<?, ?> resource, boolean controlled) {
        if (!controlled) {
            return "no controller of this plane keeps a " + resource.kind().name();
        }
        return resource.metadata().observed()
                ? "its status is " + cut(Printable.line(String.valueOf(resource.status())))
                : "its controller has made no plan for it as it is now";
    }

    private static String cut(String text) {
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "...";
    }

    private Optional<String> warning(Resource<?, ?> resource) {
        return events.stream()
                .filter(event -> event.type() == Event.Type.WARNING
                        && event.kind().equals(resource.kind().name())
                        && event.key().equals(resource.key()))
                .reduce((earlier, later) -> later)
                .map(event -> event.reason() + ", " + Printable.line(event.message()));
    }

    private Optional<String> waitingChild(Resource<?, ?> resource) {
        return snapshot.children(resource.metadata().uid()).stream()
                .flatMap(child -> Progress.of(snapshot, child, now)
                        .filter(progress -> progress.contains("; waits for "))
                        .map(progress -> child.kind().name() + "/" + child.name() + ": " + progress)
                        .stream())
                .findFirst();
    }
}
