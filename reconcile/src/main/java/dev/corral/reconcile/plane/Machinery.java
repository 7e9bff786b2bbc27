package dev.corral.reconcile.plane;

import dev.corral.reconcile.Clock;
import dev.corral.reconcile.ControllerManager;
import dev.corral.reconcile.EngineListener;
import dev.corral.reconcile.Event;
import dev.corral.reconcile.Key;
import dev.corral.reconcile.Kind;
import dev.corral.reconcile.Loop;
import dev.corral.reconcile.PassEnded;
import dev.corral.reconcile.Store;
import dev.corral.reconcile.Subscription;
import dev.corral.reconcile.node.LocalNode;
import dev.corral.reconcile.node.NodeAgent;
import dev.corral.reconcile.node.Prober;
import dev.corral.reconcile.node.Seams;
import dev.corral.reconcile.workload.ConfigMap;
import dev.corral.reconcile.workload.ContainerRuntime;
import dev.corral.reconcile.workload.PersistentVolumeClaim;
import dev.corral.reconcile.workload.Pod;
import dev.corral.reconcile.workload.Scheduler;
import dev.corral.reconcile.workload.Secret;
import dev.corral.reconcile.workload.Workloads;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What runs a plane. The agent has a manager of its own, because it outlives the controllers: when the plane is closed, nothing
 * may be started any more while what runs is ended.
 */
final class Machinery implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Machinery.class);

    private final Store store;
    private final Clock clock;
    private final Threads threads;
    private final Waiting waiting;
    private final ControllerManager controllers;
    private final ControllerManager agents;
    private final NodeAgent agent;
    private final Loop loop;
    private final Followers followers = new Followers();
    private final AtomicBoolean closing = new AtomicBoolean();
    private final CompletableFuture<Void> closed = new CompletableFuture<>();
    private volatile Runnable beside = () -> {};

    Machinery(
            Store store,
            Clock clock,
            Threads threads,
            ContainerRuntime runtime,
            Prober prober,
            List<Consumer<ControllerManager>> registrations,
            int endedPods) {
        this.store = store;
        this.clock = clock;
        this.threads = threads;
        this.waiting = new Waiting(store, clock);
        this.controllers = ControllerManager.over(store, clock, threads.executor(), new Random());
        registrations.forEach(registration -> registration.accept(controllers));
        Workloads.register(controllers, store, clock, Scheduler.firstFit(), endedPods);
        List.of(Pod.KIND, ConfigMap.KIND, Secret.KIND).forEach(controllers::knows);
        this.agents = ControllerManager.over(store, clock, threads.executor(), new Random());
        CompletableFuture<Loop> running = new CompletableFuture<>();
        this.agent = new NodeAgent(
                LocalNode.NAME, store, new Seams(runtime, prober, clock, threads.executor()), running::join);
        this.loop = agents.loop("node", Pod.KIND, agent, NodeAgent::options);
        running.complete(loop);
        agent.watch(loop);
        agents.loop("claims", PersistentVolumeClaim.KIND, (key, snapshot) -> {
            if (snapshot.get(PersistentVolumeClaim.KIND, key).isEmpty()) {
                runtime.claimGone(key.name());
            }
            return Optional.empty();
        });
    }

    void start() {
        controllers.listener(followers);
        agents.listener(followers);
        LocalNode.register(store, clock, LocalNode.capacity(Path.of("/proc")));
        agents.start();
        controllers.start();
    }

    /** Has something end while the pods do. */
    void whileEnding(Runnable more) {
        beside = more;
    }

    /** Tells of a pod that runs from before and that nobody wants. */
    void unwanted(Key pod, String what) {
        LOG.info("pod {}: {}", pod, what);
        loop.tell(pod, Event.Type.NORMAL, "Unwanted", what);
    }

    /** What was worth telling, oldest first. */
    List<Event> events() {
        return Stream.concat(controllers.events().stream(), agents.events().stream())
                .sorted(Comparator.comparing(Event::last))
                .toList();
    }

    /**
     * Has lines told about a resource and what belongs to it, or about everything.
     *
     * @param root empty for everything
     */
    Subscription follow(Optional<Follower.Subject> root, Consumer<String> lines) {
        Serial serial = new Serial(threads.executor());
        Follower follower = new Follower(store, clock, serial, this::kind, root, lines);
        Subscription told = whileOpen(() -> followers.add(new EngineListener() {
            @Override
            public void passEnded(PassEnded pass) {
                follower.touch(new Follower.Subject(pass.kind(), pass.key()));
            }

            @Override
            public void told(Event event) {
                follower.told(event);
            }
        }));
        follower.begin();
        return () -> {
            told.close();
            follower.close();
        };
    }

    /** Has a listener told of the endpoints. */
    Subscription watch(Endpoints.EndpointWatchFactory factory) {
        EndpointWatch watch = factory.on(new Serial(threads.executor()));
        Subscription told = whileOpen(() -> followers.add(watch));
        watch.touch();
        return () -> {
            told.close();
            watch.close();
        };
    }

    private Optional<Kind<?, ?>> kind(String name) {
        return controllers.kind(name).or(() -> agents.kind(name));
    }

    Clock clock() {
        return clock;
    }

    ControllerManager controllers() {
        return controllers;
    }

    Waiting waiting() {
        return waiting;
    }

    /**
     * Has something written, which nobody would act upon after the end.
     *
     * @throws PlaneClosed if the end has begun, before or meanwhile
     */
    <R> R whileOpen(Supplier<R> write) {
        requireOpen();
        R written = write.get();
        requireOpen();
        return written;
    }

    private void requireOpen() {
        if (closing.get()) {
            throw new PlaneClosed();
        }
    }

    NodeAgent agent() {
        return agent;
    }

    @Override
    public void close() {
        if (!closing.compareAndSet(false, true)) {
            closed.join();
            return;
        }
        try {
            controllers.close();
            // A pod that somebody puts into the store now would be started for the moment until it is marked, and its
            // grace
            // would come on top.
            agent.refuseStarts();
            beside.run();
            endPods();
            endAgents();
            waiting.close();
            threads.end().run();
        } finally {
            closed.complete(null);
        }
    }

    /**
     * Kills what is left, and lets the agent's passes under way end. An interrupt is kept but does not cut this short: it is
     * bounded, and no container may outlive the plane.
     */
    private void endAgents() {
        boolean interrupted = Thread.interrupted();
        try {
            agent.close();
            agents.close();
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** An interrupt ends the wait and is kept. */
    private void endPods() {
        LastPods pods = new LastPods(store, clock);
        try {
            pods.end();
            if (!pods.left().isEmpty()) {
                LOG.warn("pods are left after the end of their grace; they are killed: {}", pods.left());
            }
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
        }
    }
}
