package dev.corral.reconcile.node;

import dev.corral.Adopted;
import dev.corral.ChildGone;
import dev.corral.ChildId;
import dev.corral.Signal;
import dev.corral.cgroups.Cgroup;
import dev.corral.cgroups.CgroupException;
import dev.corral.cgroups.Cgroups;
import dev.corral.cgroups.DeletePolicy;
import dev.corral.internal.linux.FileNames;
import dev.corral.reconcile.Key;
import dev.corral.reconcile.workload.BackOff;
import dev.corral.reconcile.workload.ContainerRuntime;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is written down of the newest run of a container.
 *
 * @param digest of its pod's spec
 * @param attempt 0 for the first start in this pod
 * @param grace from SIGTERM to SIGKILL
 * @param groups the directories of its control group, one for each hierarchy
 * @param dropped what it should have been given but the host can't enforce
 * @param words where it leaves its last words
 * @param history of the runs before it
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
        LastWordsFile words,
        ContainerRuntime.History history,
        Optional<ContainerState.Terminated> end) {
    private static final Logger LOG = LoggerFactory.getLogger(RunRecord.class);
    private static final String FORMAT = "1";

    RunRecord {
        ports = Map.copyOf(ports);
        groups = List.copyOf(groups);
        dropped = List.copyOf(dropped);
    }

    RunRecord ended(ContainerState.Terminated how) {
        return with(digest, Optional.of(how));
    }

    /** The same, of a pod whose spec has this digest now. */
    RunRecord respecified(String now) {
        return with(now, end);
    }

    private RunRecord with(String spec, Optional<ContainerState.Terminated> how) {
        return new RunRecord(
                pod, container, spec, attempt, child, since, grace, ports, groups, dropped, words, history, how);
    }

    /** What runs of it; empty if it has ended. It belongs to the caller. */
    Optional<Adopted> process() {
        try {
            return end.isPresent() ? Optional.empty() : Optional.of(Adopted.of(child));
        } catch (ChildGone ended) {
            return Optional.empty();
        }
    }

    /** Its control group; empty if it had none, or that is gone. */
    Optional<Cgroup> group() {
        return groups.isEmpty() ? Optional.empty() : Cgroups.detect().at(groups);
    }

    /** Removes its control group, and kills what is in it. */
    void removeGroup() {
        try {
            group().ifPresent(group -> group.delete(DeletePolicy.KILL_FIRST));
        } catch (CgroupException refused) {
            LOG.warn("the group of container {} of pod {} is left", container, pod, refused);
        }
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
        put(all, "group.", groups.stream().map(FileNames::text).toList());
        put(all, "dropped.", dropped);
        history.lastState().ifPresent(how -> {
            all.put("last.since", how.startedAt().toString());
            put(all, "last.", how);
        });
        history.backOff().ifPresent(backOff -> {
            all.put("backoff.delay", backOff.delay().toString());
            all.put("backoff.updated", backOff.updated().toString());
        });
        put(
                all,
                "restarted.",
                history.restarted().stream().map(Instant::toString).toList());
        words.place().ifPresent(place -> {
            all.put("words.volume", FileNames.text(place.volume()));
            all.put("words.file", place.rest());
        });
        words.before().ifPresent(fingerprint -> all.put("words.before", fingerprint));
        end.ifPresent(how -> put(all, "end.", how));
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

    private static void put(Map<String, String> all, String name, ContainerState.Terminated how) {
        all.put(name + "code", Integer.toString(how.exitCode()));
        how.signal().ifPresent(signal -> all.put(name + "signal", Integer.toString(signal.number())));
        all.put(name + "reason", how.reason());
        all.put(name + "message", how.message());
        all.put(name + "at", how.finishedAt().toString());
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
                list(all, "group.").stream().map(FileNames::path).toList(),
                list(all, "dropped."),
                words(all),
                new ContainerRuntime.History(
                        all.containsKey("last.at")
                                ? Optional.of(end(all, "last.", Instant.parse(value(all, "last.since"))))
                                : Optional.empty(),
                        all.containsKey("backoff.delay")
                                ? Optional.of(new BackOff(
                                        Duration.parse(value(all, "backoff.delay")),
                                        Instant.parse(value(all, "backoff.updated"))))
                                : Optional.empty(),
                        list(all, "restarted.").stream().map(Instant::parse).toList()),
                all.containsKey("end.at") ? Optional.of(end(all, "end.", since)) : Optional.empty());
    }

    private static LastWordsFile words(Properties all) {
        return new LastWordsFile(
                Optional.ofNullable(all.getProperty("words.volume"))
                        .map(volume -> new LastWordsFile.Place(FileNames.path(volume), value(all, "words.file"))),
                Optional.ofNullable(all.getProperty("words.before")));
    }

    private static ContainerState.Terminated end(Properties all, String name, Instant since) {
        return new ContainerState.Terminated(
                Integer.parseInt(value(all, name + "code")),
                Optional.ofNullable(all.getProperty(name + "signal"))
                        .map(number -> new Signal(Integer.parseInt(number))),
                value(all, name + "reason"),
                value(all, name + "message"),
                since,
                Instant.parse(value(all, name + "at")));
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
