package dev.corral.examples.workloads;

import dev.corral.reconcile.plane.ControlPlane;
import dev.corral.reconcile.workload.Pod;
import dev.corral.reconcile.workload.PodStatus;
import dev.corral.reconcile.workload.StatefulSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Three replicas of a small store: the first writes a log, each of the others takes its copy from the one before it, so they start in
 * order. Each has a directory by its own name, which is there again for the pod that replaces one that was deleted.
 */
public final class OrderedStore {
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    /** Each start adds a line to its own directory; a copy is made once, and only whole. */
    private static final String REPLICA = """
            me=$(uname -n); number=${me##*-}; own=$DATA/$me
            mkdir -p $own && echo started >> $own/starts
            if [ ! -e $own/log ]; then
              if [ $number -eq 0 ]; then echo "written by $me" > $own/new
              else
                until cp $DATA/db-$((number - 1))/log $own/new 2>/dev/null; do sleep 0.02; done
                echo "copied by $me" >> $own/new
              fi
              mv $own/new $own/log
            fi
            exec sleep 1000
            """;

    private OrderedStore() {}

    /**
     * What has come of it.
     *
     * @param inOrder whether no replica started before the one in front of it ran
     * @param logs of each replica, in order
     * @param startsOfDeleted how often the replica whose pod was deleted has started in its directory
     */
    record Outcome(boolean inOrder, List<String> logs, int startsOfDeleted) {}

    /** Takes no arguments. */
    public static void main(String... arguments) throws IOException, InterruptedException {
        Path data = Files.createTempDirectory("corral-store-");
        try (ControlPlane plane = ControlPlane.local().start()) {
            System.out.println(run(plane, data, System.out::println));
            System.out.println(plane.describe());
        }
        System.out.println("what they have stored is in " + data);
    }

    static Outcome run(ControlPlane plane, Path data, Consumer<String> lines) throws IOException, InterruptedException {
        // The children of root run as users that nobody else is.
        Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwxrwxrwx"));
        StatefulSet db = StatefulSet.named("db")
                .replicas(3)
                .container(c -> c.command("sh", "-c", REPLICA).env("DATA", data.toString()));
        plane.follow(db, lines);
        plane.apply(db);
        plane.require(db, StatefulSet.COMPLETE, PATIENCE);
        boolean inOrder = inOrder(plane);
        awaitFile(plane, data.resolve("db-2/log"));

        String uid = plane.get(Pod.KIND, "db-1").orElseThrow().metadata().uid();
        plane.delete(Pod.KIND, "db-1");
        plane.require(
                Pod.KIND,
                "db-1",
                pod -> !pod.metadata().uid().equals(uid) && pod.status().ready(),
                PATIENCE);
        awaitLines(plane, data.resolve("db-1/starts"), 2);
        List<String> logs = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            logs.add(String.join(", ", Files.readAllLines(data.resolve("db-" + i + "/log"))));
        }
        return new Outcome(
                inOrder, logs, Files.readAllLines(data.resolve("db-1/starts")).size());
    }

    private static boolean inOrder(ControlPlane plane) {
        List<Instant> starts = plane.list(Pod.KIND).stream()
                .map(pod -> pod.status()
                        .conditions()
                        .get(PodStatus.READY)
                        .orElseThrow()
                        .lastTransition())
                .toList();
        return starts.equals(starts.stream().sorted().toList());
    }

    private static void awaitFile(ControlPlane plane, Path file) throws InterruptedException, IOException {
        awaitLines(plane, file, 1);
    }

    /** Programs write when they do, and tell nobody. */
    private static void awaitLines(ControlPlane plane, Path file, int lines) throws InterruptedException, IOException {
        try (var watch = plane.watch(Pod.KIND)) {
            for (int i = 0;
                    i < 1000 && (!Files.exists(file) || Files.readAllLines(file).size() < lines);
                    i++) {
                watch.await(Duration.ofMillis(20));
            }
        }
    }
}
