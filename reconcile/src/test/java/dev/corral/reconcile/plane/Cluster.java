package dev.corral.reconcile.plane;

import static org.awaitility.Awaitility.await;

import dev.corral.reconcile.Declared;
import dev.corral.reconcile.Kind;
import dev.corral.reconcile.Resource;
import dev.corral.reconcile.node.Prober;
import dev.corral.reconcile.testing.ManualClock;
import dev.corral.reconcile.workload.Deployment;
import dev.corral.reconcile.workload.DeploymentStatus;
import dev.corral.reconcile.workload.Pod;
import dev.corral.reconcile.workload.PodSpec;
import dev.corral.reconcile.workload.PodStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;

/** A whole plane on one thread: real store, engine, controllers and agent; time, processes and probes are the test's. */
final class Cluster implements AutoCloseable {
    static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    final ManualClock clock = ManualClock.startingAt(START);
    final Tasks tasks = new Tasks();
    final ScriptedRuntime runtime = new ScriptedRuntime();
    /** Ports that do not answer probes. */
    final Set<Integer> deaf = new HashSet<>();

    final ControlPlane plane;
    /** Called after every single task. */
    Runnable invariant = () -> {};

    Cluster() {
        this(UnaryOperator.identity());
    }

    Cluster(UnaryOperator<LocalPlane> options) {
        LocalPlane local = ControlPlane.local()
                .clock(clock)
                .executor(tasks)
                .runtime(runtime)
                .prober(question -> new Prober.Answer(
                        Collections.disjoint(question.run().ports().values(), deaf), "nothing answers"));
        plane = options.apply(local).start();
    }

    Cluster apply(Declared<?, ?> declared) {
        plane.apply(declared);
        return settle();
    }

    Cluster settle() {
        do {
            clock.advance(Duration.ZERO);
        } while (tasks.settle(invariant) > 0);
        return this;
    }

    /** Moves the time, and lets everything happen at its own time. */
    Cluster advance(Duration duration) {
        Instant target = clock.now().plus(duration);
        settle();
        while (clock.next().filter(next -> !next.isAfter(target)).isPresent()) {
            Instant next = clock.next().orElseThrow();
            clock.advance(next.isAfter(clock.now()) ? Duration.between(clock.now(), next) : Duration.ZERO);
            settle();
        }
        clock.advance(Duration.between(clock.now(), target));
        return settle();
    }

    List<Resource<PodSpec, PodStatus>> pods() {
        return plane.list(Pod.KIND);
    }

    List<String> names(Kind<?, ?> kind) {
        return plane.store().snapshot().list(kind).stream().map(Resource::name).toList();
    }

    PodStatus pod(String name) {
        return plane.get(Pod.KIND, name).orElseThrow().status();
    }

    DeploymentStatus status(Deployment deployment) {
        return plane.get(deployment).orElseThrow().status();
    }

    /** Closes the plane from another thread, while the time passes as it has to. */
    @Override
    public void close() {
        invariant = () -> {};
        runtime.obedient = container -> true;
        settle();
        tasks.runDirectly();
        CompletableFuture<Void> closed = CompletableFuture.runAsync(plane::close);
        await().atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(5))
                .until(() -> {
                    clock.advance(Duration.ofSeconds(1));
                    return closed.isDone();
                });
        closed.join();
    }
}
