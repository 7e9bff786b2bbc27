package dev.corral.reconcile.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corral.reconcile.Clock;
import dev.corral.reconcile.Condition;
import dev.corral.reconcile.Event;
import dev.corral.reconcile.Key;
import dev.corral.reconcile.Kind;
import dev.corral.reconcile.Loop;
import dev.corral.reconcile.Resource;
import dev.corral.reconcile.Source;
import dev.corral.reconcile.Store;
import dev.corral.reconcile.StoreEvent;
import dev.corral.reconcile.Subscription;
import dev.corral.reconcile.Watch;
import dev.corral.reconcile.workload.BackOff;
import dev.corral.reconcile.workload.ContainerRuntime;
import dev.corral.reconcile.workload.ContainerState;
import dev.corral.reconcile.workload.Pod;
import dev.corral.reconcile.workload.PodPhase;
import dev.corral.reconcile.workload.PodSpec;
import dev.corral.reconcile.workload.PodStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NodeAgentTest {
    private static final Pod WEB =
            Pod.named("web").container(c -> c.command("serve")).spec(pod -> pod.nodeName("local"));

    private final List<String> started = new ArrayList<>();
    private final CountDownLatch under = new CountDownLatch(1);
    private final CountDownLatch goOn = new CountDownLatch(1);
    private final Store store =
            Store.inMemory(Clock.system(), () -> UUID.randomUUID().toString());

    /** A pass looks at the time before it decides. */
    private final Clock held = new Clock() {
        @Override
        public Instant now() {
            under.countDown();
            try {
                goOn.await();
            } catch (InterruptedException impossible) {
                throw new IllegalStateException(impossible);
            }
            return Instant.EPOCH;
        }

        @Override
        public Timer at(Instant time, Runnable task) {
            return () -> {};
        }
    };

    @Test
    @Timeout(60)
    void aPassThatIsUnderWayAtTheEndStartsNothingAfterIt() throws Exception {
        NodeAgent agent = new NodeAgent(
                "local",
                store,
                new Seams(this::start, question -> Prober.Answer.yes(""), held, Runnable::run),
                Mute::new);
        store.apply(WEB);
        CompletableFuture<?> pass = CompletableFuture.runAsync(() -> agent.handle(Key.of("web"), store.snapshot()));
        under.await();
        agent.close();
        goOn.countDown();
        pass.get(50, TimeUnit.SECONDS);
        assertThat(started).isEmpty();

        assertThat(agent.handle(Key.of("web"), store.snapshot())).isEmpty();
        assertThat(started).isEmpty();
    }

    @Test
    void aStartThatAPlaneDiedInIsMadeAgainAndCountsAsNoRestart() {
        goOn.countDown();
        ContainerState.Terminated last =
                new ContainerState.Terminated(3, Optional.empty(), "Error", "", Instant.EPOCH, Instant.EPOCH);
        ContainerRuntime.History history = new ContainerRuntime.History(
                Optional.of(last), Optional.of(new BackOff(Duration.ofSeconds(20), Instant.EPOCH)), List.of());
        List<ContainerRuntime.Order> orders = new ArrayList<>();
        ContainerRuntime runtime = new ContainerRuntime() {
            @Override
            public Run start(Order order) {
                orders.add(order);
                throw new IllegalStateException("it is enough to be asked");
            }

            @Override
            public CompletableFuture<List<Former>> takeOver(Key pod, String uid, PodSpec spec) {
                return CompletableFuture.completedFuture(List.of(
                        new Former("main", 3, Instant.EPOCH, Optional.empty(), Optional.empty(), false, history)));
            }
        };
        NodeAgent agent = new NodeAgent(
                "local",
                store,
                new Seams(runtime, question -> Prober.Answer.yes(""), held, task -> {
                    if (orders.isEmpty()) {
                        task.run();
                    }
                }),
                Mute::new);
        store.apply(WEB);
        agent.handle(Key.of("web"), store.snapshot());
        assertThat(orders).hasSize(1);
        assertThat(orders.get(0).identity().attempt()).isEqualTo(3);
        assertThat(orders.get(0).history()).isEqualTo(history);
    }

    @Test
    void aConditionThatSomebodyElseSetsMeanwhileStays() {
        goOn.countDown();
        Condition open = new Condition("example.com/open", Condition.Status.TRUE, "", "", 1, Instant.EPOCH);
        ContainerRuntime runtime = new ContainerRuntime() {
            @Override
            public Run start(Order order) {
                return NodeAgentTest.this.start(order);
            }

            @Override
            public CompletableFuture<List<Former>> takeOver(Key pod, String uid, PodSpec spec) {
                store.updateStatus(
                        Pod.KIND,
                        pod,
                        uid,
                        old -> old.conditions(old.conditions().with(open)));
                return CompletableFuture.completedFuture(List.of());
            }
        };
        NodeAgent agent = new NodeAgent(
                "local", store, new Seams(runtime, question -> Prober.Answer.yes(""), held, Runnable::run), Mute::new);
        store.apply(WEB);
        agent.handle(Key.of("web"), store.snapshot());
        PodStatus seen =
                store.snapshot().get(Pod.KIND, Key.of("web")).orElseThrow().status();
        assertThat(seen.conditions().get(PodStatus.READY)).as("the agent's").isPresent();
        assertThat(seen.conditions().get(open.type())).contains(open);
    }

    @Test
    void howAPodEndedAndThatItIsGoneIsOneChange() {
        goOn.countDown();
        NodeAgent agent = new NodeAgent(
                "local",
                store,
                new Seams(this::start, question -> Prober.Answer.yes(""), held, Runnable::run),
                Mute::new);
        store.apply(WEB);
        agent.handle(Key.of("web"), store.snapshot());
        Resource<PodSpec, PodStatus> marked = store.delete(
                        store.snapshot().get(Pod.KIND, Key.of("web")).orElseThrow())
                .orThrow();
        assertThat(marked.status().phase()).isNotEqualTo(PodPhase.FAILED);

        try (Watch<PodSpec, PodStatus> watch =
                store.watch(Pod.KIND, marked.metadata().version())) {
            agent.handle(Key.of("web"), store.snapshot());
            assertThat(watch.poll()).singleElement().satisfies(event -> {
                assertThat(event).isInstanceOf(StoreEvent.Deleted.class);
                assertThat(event.latest().orElseThrow().status().phase()).isEqualTo(PodPhase.FAILED);
            });
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatAPodHasSharedIsRemovedOnTheSpotOnlyWhereNothingIsSaidToBeLeft(boolean nothing) {
        goOn.countDown();
        List<String> gone = new ArrayList<>();
        List<Runnable> tasks = new ArrayList<>();
        ContainerRuntime runtime = new ContainerRuntime() {
            @Override
            public Run start(Order order) {
                return NodeAgentTest.this.start(order);
            }

            @Override
            public boolean sharesNothing(String uid) {
                return nothing;
            }

            @Override
            public void podGone(String uid) {
                gone.add(uid);
            }
        };
        NodeAgent agent = new NodeAgent(
                "local", store, new Seams(runtime, question -> Prober.Answer.yes(""), held, tasks::add), Mute::new);
        Resource<PodSpec, PodStatus> pod = store.apply(WEB).orThrow();
        store.delete(pod).orThrow();
        agent.handle(Key.of("web"), store.snapshot());

        assertThat(store.snapshot().get(Pod.KIND, Key.of("web"))).isEmpty();
        assertThat(tasks).hasSize(nothing ? 0 : 1);
        assertThat(gone).hasSize(nothing ? 1 : 0);
        tasks.forEach(Runnable::run);
        assertThat(gone).containsExactly(pod.metadata().uid());
    }

    private ContainerRuntime.Run start(ContainerRuntime.Order order) {
        started.add(order.container().name());
        throw new IllegalStateException("started after the end");
    }

    /** Tells nobody. */
    private static final class Mute implements Loop {
        @Override
        public void wake(Key key) {}

        @Override
        public void wakeAfter(Key key, Duration delay) {}

        @Override
        public void tell(Key key, Event.Type type, String reason, String message) {}

        @Override
        public <S, T> Subscription watches(Kind<S, T> kind, Function<Resource<S, T>, Collection<Key>> mapper) {
            return () -> {};
        }

        @Override
        public Subscription source(Source source) {
            return () -> {};
        }
    }
}
