package dev.corral.reconcile.node;

import dev.corral.reconcile.Clock;
import dev.corral.reconcile.workload.ContainerLog;
import dev.corral.reconcile.workload.ContainerRuntime;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The logs of the newest run of each container and of the one before. Safe for any thread. */
final class Logs {
    private final LogPolicy policy;
    private final Clock clock;
    private final Map<String, Map<String, Pair>> pods = new HashMap<>();
    private final Map<String, Path> directories = new HashMap<>();

    private record Pair(LineLog newest, Optional<LineLog> previous) {}

    Logs(LogPolicy policy, Clock clock) {
        this.policy = policy;
        this.clock = clock;
    }

    /** The log of a run that begins. */
    synchronized LineLog begun(ContainerRuntime.Identity run) {
        Optional<LogFiles> files = policy.directory().map(all -> files(all, run));
        LineLog log = new LineLog(clock, policy.size().bytes(), files);
        pods.computeIfAbsent(run.uid(), uid -> new HashMap<>())
                .compute(
                        run.container(),
                        (name, before) ->
                                new Pair(log, Optional.ofNullable(before).map(Pair::newest)));
        return log;
    }

    private LogFiles files(Path all, ContainerRuntime.Identity run) {
        Path directory = all.resolve(run.pod() + "_" + run.uid());
        directories.put(run.uid(), directory);
        Path file = directory.resolve(run.container()).resolve(run.attempt() + ".log");
        if (run.attempt() > 1) {
            // Two runs are kept, the others are gone for whoever reads here.
            for (int number = 0; number < policy.files(); number++) {
                String name = (run.attempt() - 2) + ".log" + (number == 0 ? "" : "." + number);
                Removal.file(file.resolveSibling(name));
            }
        }
        return new LogFiles(file, policy.size().bytes(), policy.files());
    }

    synchronized Optional<ContainerLog> of(String uid, String container, boolean previous) {
        @Nullable Pair pair = pods.getOrDefault(uid, Map.of()).get(container);
        return pair == null
                ? Optional.empty()
                : previous ? pair.previous().map(log -> log) : Optional.of(pair.newest());
    }

    /** Whether a pod has files here. */
    synchronized boolean hasFiles(String uid) {
        return directories.containsKey(uid);
    }

    /** Forgets those of a pod, and removes its files. */
    void remove(String uid) {
        Path directory;
        synchronized (this) {
            pods.remove(uid);
            directory = directories.remove(uid);
        }
        if (directory != null) {
            Removal.of(directory);
        }
    }
}
