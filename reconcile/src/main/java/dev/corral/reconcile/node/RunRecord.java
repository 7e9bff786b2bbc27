package dev.corral.reconcile.node;

import dev.corral.ChildId;
import dev.corral.Signal;
import dev.corral.reconcile.Key;
import dev.corral.reconcile.workload.ContainerState;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What is written down of the newest run of a container.
 *
 * @param digest of its pod's spec
 * @param attempt 0 for the first start in this pod
 * @param grace from SIGTERM to SIGKILL
 * @param groups the directories of its control group, one for each hierarchy
 * @param dropped what it should have been given but the host can't enforce
 * @param end how it ended; empty until somebody has seen it
 */
record RunRecord(
        Key pod,
        String container,
        String digest,
        int attempt,
        ChildId child,
        Instant since,
        Duration grace,
        Map<String, Integer> ports,
        List<Path> groups,
        List<String> dropped,
        Optional<ContainerState.Terminated> end) {
    private static final String FORMAT = "1";

    RunRecord {
        ports = Map.copyOf(ports);
        groups = List.copyOf(groups);
        dropped = List.copyOf(dropped);
    }

    RunRecord ended(ContainerState.Terminated how) {
        return new RunRecord(
                pod, container, digest, attempt, child, since, grace, ports, groups, dropped, Optional.of(how));
    }

    /** Lines of names and values, which {@link #parse} reads again. */
    String text() {
        Map<String, String> all = new TreeMap<>();
        all.put("format", FORMAT);
        all.put("namespace", pod.namespace());
        all.put("pod", pod.name());
        all.put("container", container);
        all.put("digest", digest);
        all.put("attempt", Integer.toString(attempt));
        all.put("child", child.toString());
        all.put("since", since.toString());
        all.put("grace", grace.toString());
        ports.forEach((name, number) -> all.put("port." + name, number.toString()));
        put(all, "group.", groups.stream().map(Path::toString).toList());
        put(all, "dropped.", dropped);
        end.ifPresent(how -> {
            all.put("end.code", Integer.toString(how.exitCode()));
            how.signal().ifPresent(signal -> all.put("end.signal", Integer.toString(signal.number())));
            all.put("end.reason", how.reason());
            all.put("end.message", how.message());
            all.put("end.at", how.finishedAt().toString());
        });
        Properties properties = new Properties();
        properties.putAll(all);
        StringWriter text = new StringWriter();
        try {
            properties.store(text, null);
        } catch (IOException impossible) {
            throw new IllegalStateException("a text can't be written", impossible);
        }
        return text.toString()
                .lines()
                .filter(line -> !line.startsWith("#")) // the time of writing
                .sorted()
                .collect(Collectors.joining("\n", "", "\n"));
    }

    private static void put(Map<String, String> all, String name, List<String> values) {
        IntStream.range(0, values.size()).forEach(number -> all.put(name + number, values.get(number)));
    }

    /** Reads what {@link #text} has written; anything else is an IllegalArgumentException. */
    static RunRecord parse(String text) {
        Properties all = new Properties();
        try {
            all.load(new StringReader(text));
        } catch (IOException impossible) {
            throw new IllegalStateException("a text can't be read", impossible);
        }
        if (!FORMAT.equals(all.getProperty("format"))) {
            throw new IllegalArgumentException("it is no record of format " + FORMAT);
        }
        Map<String, Integer> ports = new TreeMap<>();
        all.stringPropertyNames().stream()
                .filter(name -> name.startsWith("port."))
                .forEach(name -> ports.put(name.substring("port.".length()), Integer.valueOf(value(all, name))));
        Instant since = Instant.parse(value(all, "since"));
        return new RunRecord(
                new Key(value(all, "namespace"), value(all, "pod")),
                value(all, "container"),
                value(all, "digest"),
                Integer.parseInt(value(all, "attempt")),
                ChildId.parse(value(all, "child")),
                since,
                Duration.parse(value(all, "grace")),
                ports,
                list(all, "group.").stream().map(Path::of).toList(),
                list(all, "dropped."),
                all.containsKey("end.at") ? Optional.of(end(all, since)) : Optional.empty());
    }

    private static ContainerState.Terminated end(Properties all, Instant since) {
        return new ContainerState.Terminated(
                Integer.parseInt(value(all, "end.code")),
                Optional.ofNullable(all.getProperty("end.signal")).map(number -> new Signal(Integer.parseInt(number))),
                value(all, "end.reason"),
                value(all, "end.message"),
                since,
                Instant.parse(value(all, "end.at")));
    }

    private static List<String> list(Properties all, String name) {
        List<String> values = new ArrayList<>();
        while (all.containsKey(name + values.size())) {
            values.add(value(all, name + values.size()));
        }
        return values;
    }

    private static String value(Properties all, String name) {
        return Optional.ofNullable(all.getProperty(name))
                .orElseThrow(() -> new IllegalArgumentException("it has no " + name));
    }
}
