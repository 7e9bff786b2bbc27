package dev.corral.benchmarks;

import dev.corral.Child;
import dev.corral.Command;
import dev.corral.Environment;
import dev.corral.Signal;
import dev.corral.Stdio;
import dev.corral.namespaces.Isolation;
import dev.corral.namespaces.NamespaceType;
import dev.corral.reconcile.Resource;
import dev.corral.reconcile.Watch;
import dev.corral.reconcile.plane.ControlPlane;
import dev.corral.reconcile.workload.ContainerState;
import dev.corral.reconcile.workload.Deployment;
import dev.corral.reconcile.workload.Pod;
import dev.corral.reconcile.workload.PodSpec;
import dev.corral.reconcile.workload.PodStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What declaring costs beside doing: 200 pods up, rolled and down, each beside launching, or ending, as many such children one after
 * the other in the same run; and how long a container that was killed is away.
 */
final class WorkloadBenchmark {
    private static final int PODS = 200;
    /** Before that half of the processor time of a phase is the compilers'. */
    private static final int UNMEASURED = 80;

    private static final int RUNS = 15;
    private static final double TIMES_AS_LONG = 2;
    private static final double AWAY_MILLIS = 15;
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /** What the runs took, in milliseconds, and how many times as long as by hand. */
    private final Map<String, List<Double>> phases = new LinkedHashMap<>();

    private final Map<String, List<Double>> ratios = new LinkedHashMap<>();
    private final List<Child> children = new ArrayList<>();

    void run(Page page) throws Exception {
        for (int round = 0; round < UNMEASURED; round++) {
            round();
        }
        Map<String, Double> first = new TreeMap<>();
        phases.forEach((name, millis) -> first.put(name, millis.get(0)));
        phases.clear();
        ratios.clear();
        for (int run = 0; run < RUNS; run++) {
            round();
        }
        report(page, first, away());
    }

    private void report(Page page, Map<String, Double> first, List<Double> away) throws IOException {
        Table table = Table.of("What", "first of all, ms", "median ms", "minimum ms", "to launching or ending by hand");
        List<Goal> goals = new ArrayList<>();
        phases.forEach((name, millis) -> {
            List<Double> times = ratios.getOrDefault(name, List.of());
            table.row(
                    name,
                    Goal.number(first.getOrDefault(name, Double.NaN)),
                    Goal.number(Statistics.median(millis)),
                    Goal.number(Collections.min(millis)),
                    times.isEmpty() ? "" : Goal.number(Statistics.median(times)));
            if (!times.isEmpty()) {
                goals.add(Goal.atMost(name + ", times as long as by hand", TIMES_AS_LONG, Statistics.median(times)));
            }
        });
        double late = Statistics.percentile(away, 0.99);
        goals.add(Goal.atMost("killed until it runs again, ms, 99 of 100 first restarts", AWAY_MILLIS, late));
        Table restarts = Table.of("First restarts of " + PODS + " pods", "median ms", "99 of 100 ms", "most ms");
        restarts.row(
                "killed until it runs again",
                Goal.number(Statistics.median(away)),
                Goal.number(late),
                Goal.number(Collections.max(away)));
        page.put(
                "Workloads",
                List.of(table, restarts, Goal.table(goals)),
                PODS + " pods of one container, " + RUNS + " runs after " + UNMEASURED + " to warm up",
                List.of(),
                List.of());
    }

    private void round() throws InterruptedException {
        double launched = note("launched by hand", this::launchByHand);
        double ended = note("ended by hand", this::endByHand);
        try (ControlPlane plane = ControlPlane.local().start()) {
            Deployment first = version("1");
            Deployment second = version("2");
            compare("up", launched, () -> reach(plane, first, PODS));
            compare("rolled", launched + ended, () -> reach(plane, second, PODS));
            compare("down", ended, () -> reach(plane, second.replicas(0), 0));
        }
    }

    private static Deployment version(String version) {
        return Deployment.named("many")
                .replicas(PODS)
                .container(c -> c.command("sleep", "1000").env("VERSION", version));
    }

    /** Until it is rolled out, and none of the pods before it is left. */
    private static void reach(ControlPlane plane, Deployment deployment, int pods) throws InterruptedException {
        plane.apply(deployment);
        reached(plane.await(deployment, Deployment.COMPLETE, PATIENCE));
        try (Watch<PodSpec, PodStatus> watch = plane.watch(Pod.KIND)) {
            while (plane.list(Pod.KIND).size() > pods) {
                watch.await(PATIENCE);
            }
        }
    }

    private static void reached(Optional<?> state) {
        if (state.isEmpty()) {
            throw new IllegalStateException("not within " + PATIENCE);
        }
    }

    private void launchByHand() {
        for (int i = 0; i < PODS; i++) {
            children.add(Command.of("sleep", "1000")
                    .environment(Environment.empty().inheriting("PATH", "HOME", "LANG"))
                    .input(Stdio.nothing())
                    .errorIntoOutput()
                    .with(Isolation.full().without(NamespaceType.NET).hostname("many-" + i))
                    .start());
        }
    }

    private void endByHand() throws InterruptedException {
        for (Child child : children) {
            child.signal(Signal.TERM);
        }
        for (Child child : children) {
            child.await();
            child.close();
        }
        children.clear();
    }

    /** How long each of many pods is away after its program was killed. */
    private static List<Double> away() throws InterruptedException {
        List<Double> away = new ArrayList<>();
        try (ControlPlane plane = ControlPlane.local().start()) {
            Deployment many = version("1");
            reach(plane, many, PODS);
            Map<String, ProcessHandle> programs = programs();
            for (Resource<PodSpec, PodStatus> pod : plane.list(Pod.KIND)) {
                ProcessHandle program =
                        Optional.ofNullable(programs.get(pod.name())).orElseThrow();
                long killed = System.nanoTime();
                program.destroyForcibly();
                reached(plane.await(Pod.KIND, pod.name(), WorkloadBenchmark::restarted, PATIENCE));
                away.add((System.nanoTime() - killed) / 1e6);
            }
        }
        return away;
    }

    private static boolean restarted(Resource<PodSpec, PodStatus> pod) {
        return pod.status()
                .container("main")
                .filter(main -> main.restartCount() == 1 && main.state() instanceof ContainerState.Running)
                .isPresent();
    }

    /** The program of each pod, by the host name in its environment. */
    private static Map<String, ProcessHandle> programs() {
        Map<String, ProcessHandle> programs = new TreeMap<>();
        ProcessHandle.current().descendants().forEach(process -> {
            for (String variable : environment(process).split("\0", -1)) {
                if (variable.startsWith("HOSTNAME=many-")) {
                    programs.put(variable.substring("HOSTNAME=".length()), process);
                }
            }
        });
        return programs;
    }

    private static String environment(ProcessHandle process) {
        try {
            return Files.readString(Path.of("/proc", Long.toString(process.pid()), "environ"));
        } catch (IOException gone) {
            return "";
        }
    }

    /** A part of a round. */
    @FunctionalInterface
    private interface Part {
        void run() throws InterruptedException;
    }

    private double note(String name, Part part) throws InterruptedException {
        long begin = System.nanoTime();
        part.run();
        double millis = (System.nanoTime() - begin) / 1e6;
        phases.computeIfAbsent(name, absent -> new ArrayList<>()).add(millis);
        return millis;
    }

    private void compare(String name, double byHand, Part part) throws InterruptedException {
        double ratio = note(name, part) / byHand;
        ratios.computeIfAbsent(name, absent -> new ArrayList<>()).add(ratio);
    }
}
