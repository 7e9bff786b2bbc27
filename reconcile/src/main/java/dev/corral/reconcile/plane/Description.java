package dev.corral.reconcile.plane;

import dev.corral.reconcile.Condition;
import dev.corral.reconcile.Event;
import dev.corral.reconcile.Key;
import dev.corral.reconcile.Metadata;
import dev.corral.reconcile.Printable;
import dev.corral.reconcile.Resource;
import dev.corral.reconcile.Snapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What is stored, as text for people: the tables of {@code kubectl get} and the pages of {@code kubectl describe}. Pure. */
record Description(Snapshot snapshot, List<Event> events, Instant now) {
    /** So much of a list is shown. */
    private static final int MOST = 50;

    private static final String INDENT = "  ";

    Description {
        events = List.copyOf(events);
    }

    /** All of a kind, in a table; it says so if there is none. */
    String table(List<? extends Resource<?, ?>> resources, String kind) {
        if (resources.isEmpty()) {
            return "no " + kind + " is stored\n";
        }
        return text(rows(resources).lines());
    }

    /** All that nobody owns, and pods, in a table for each kind. */
    String overview() {
        Map<String, List<Resource<?, ?>>> kinds = snapshot.all().stream()
                .collect(Collectors.groupingBy(
                        resource -> resource.kind().name(), LinkedHashMap::new, Collectors.toList()));
        return kinds.values().stream()
                .map(resources -> resources.get(0).kind().name() + "\n"
                        + text(rows(resources).lines()))
                .collect(Collectors.joining("\n"));
    }

    private TextTable rows(List<? extends Resource<?, ?>> resources) {
        // Where a name alone does not say which is meant.
        boolean several = resources.stream()
                .anyMatch(resource -> !resource.key().namespace().equals(Key.DEFAULT_NAMESPACE));
        List<String> heading = new ArrayList<>(several ? List.of("NAMESPACE", "NAME") : List.of("NAME"));
        heading.addAll(Columns.of(resources.get(0), now).names());
        heading.add("AGE");
        TextTable table = new TextTable(heading);
        for (Resource<?, ?> resource : resources) {
            List<String> row = new ArrayList<>();
            if (several) {
                row.add(resource.key().namespace());
            }
            row.add(resource.name());
            row.addAll(Columns.of(resource, now).cells());
            row.add(age(resource));
            table.row(row);
        }
        return table;
    }

    /** All there is to say about one. */
    String page(Resource<?, ?> resource) {
        List<String> lines = new ArrayList<>(head(resource));
        section(lines, "Spec", resource.specText());
        Progress.of(snapshot, resource, now)
                .ifPresent(progress -> lines.add("Progress:     " + Printable.line(progress)));
        section(lines, "Status", Progress.tells(resource) ? List.of() : resource.statusText());
        section(lines, "Conditions", conditions(resource));
        List<Resource<?, ?>> family = new ArrayList<>(List.of(resource));
        section(lines, "Children", children(resource, family));
        section(lines, "Events", told(family));
        return text(lines);
    }

    private List<String> head(Resource<?, ?> resource) {
        Metadata metadata = resource.metadata();
        List<String> lines = new ArrayList<>();
        lines.add("Name:         " + resource.name());
        lines.add("Namespace:    " + metadata.namespace());
        lines.add("Kind:         " + resource.kind().name());
        lines.add("Labels:       " + pairs(metadata.labels()));
        lines.add("Annotations:  " + pairs(metadata.annotations()));
        metadata.owner().ifPresent(owner -> lines.add("Owner:        " + owner.kind() + "/" + owner.name()));
        lines.add("Created:      " + metadata.created() + ", " + age(resource) + " ago");
        lines.add("Generation:   " + metadata.generation()
                + (metadata.observed() || metadata.observedGeneration() == 0
                        ? ""
                        : ", its controller has seen " + metadata.observedGeneration()));
        metadata.deletion()
                .ifPresent(deletion ->
                        lines.add("Deleted:      " + deletion.at() + ", grace " + Ages.of(deletion.grace())));
        return lines;
    }

    private static String pairs(Map<String, String> pairs) {
        return pairs.isEmpty()
                ? "<none>"
                : Printable.line(pairs.entrySet().stream()
                        .map(pair -> pair.getKey() + "=" + pair.getValue())
                        .collect(Collectors.joining(", ")));
    }

    private List<String> conditions(Resource<?, ?> resource) {
        TextTable table = new TextTable("TYPE", "STATUS", "SINCE", "REASON", "MESSAGE");
        for (Condition condition : resource.conditions().all()) {
            table.row(
                    condition.type(),
                    Columns.title(condition.status().name()),
                    Ages.since(condition.lastTransition(), now),
                    condition.reason(),
                    condition.message());
        }
        return table.size() == 0 ? List.of() : table.lines();
    }

    /** @param family who belongs to it, added to */
    private List<String> children(Resource<?, ?> resource, List<Resource<?, ?>> family) {
        TextTable table = new TextTable("NAME", "AGE", "STATE");
        add(table, resource, "", family);
        return table.size() == 0 ? List.of() : cut(table.lines(), MOST + 1);
    }

    private void add(TextTable table, Resource<?, ?> owner, String indent, List<Resource<?, ?>> family) {
        for (Resource<?, ?> child : snapshot.children(owner.metadata().uid())) {
            family.add(child);
            table.row(indent + child.kind().name() + "/" + child.name(), age(child), state(child));
            add(table, child, indent + INDENT, family);
        }
    }

    private String state(Resource<?, ?> child) {
        return Progress.of(snapshot, child, now)
                .orElseGet(() -> child.metadata().terminating() ? "Terminating" : "");
    }

    /** What was told about it and about those that belong to it; the newest come last. */
    private List<String> told(List<Resource<?, ?>> family) {
        List<Event> about = events.stream()
                .filter(event -> family.stream().anyMatch(one -> isAbout(event, one)))
                .toList();
        TextTable table = new TextTable("LAST SEEN", "TYPE", "REASON", "OBJECT", "FROM", "MESSAGE");
        about.stream()
                .skip(Math.max(0, about.size() - MOST))
                .forEach(event -> table.row(
                        seen(event),
                        Columns.title(event.type().name()),
                        event.reason(),
                        event.kind() + "/" + event.key().name(),
                        event.source(),
                        event.message()));
        return table.size() == 0 ? List.of() : table.lines();
    }

    private static boolean isAbout(Event event, Resource<?, ?> resource) {
        return event.kind().equals(resource.kind().name()) && event.key().equals(resource.key());
    }

    /** As in {@code 5s (x3 over 1m)}. */
    private String seen(Event event) {
        String last = Ages.since(event.last(), now);
        return event.count() == 1
                ? last
                : last + " (x" + event.count() + " over " + Ages.of(Duration.between(event.first(), now)) + ")";
    }

    private String age(Resource<?, ?> resource) {
        return Ages.since(resource.metadata().created(), now);
    }

    private static List<String> cut(List<String> lines, int most) {
        List<String> cut = new ArrayList<>(lines.subList(0, Math.min(most, lines.size())));
        if (lines.size() > most) {
            cut.add("... and " + (lines.size() - most) + " more");
        }
        return cut;
    }

    private static void section(List<String> lines, String title, List<String> inside) {
        if (!inside.isEmpty()) {
            lines.add(title + ":");
            inside.forEach(line -> lines.add(INDENT + line));
        }
    }

    private static String text(List<String> lines) {
        return String.join("\n", lines) + "\n";
    }
}
