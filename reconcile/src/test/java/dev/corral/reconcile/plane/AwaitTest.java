package dev.corral.reconcile.plane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.corral.reconcile.Declared;
import dev.corral.reconcile.Kind;
import dev.corral.reconcile.Plan;
import dev.corral.reconcile.PlannedChange;
import dev.corral.reconcile.Resource;
import dev.corral.reconcile.workload.Deployment;
import dev.corral.reconcile.workload.Pod;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What can be asked of a plane about kinds of one's own. */
class AwaitTest {
    record TapSpec(boolean open) {}

    record TapStatus(boolean flowing) {}

    private static final Kind<TapSpec, TapStatus> TAP = Kind.of("Tap", TapSpec.class, TapStatus.class);
    private static final Duration LONG = Duration.ofMinutes(1);

    @Test
    @Timeout(120)
    void aStatusOfAnOlderSpecIsNotBelieved() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        try (ControlPlane plane = ControlPlane.local()
                .controller(TAP, tap -> {
                    if (!tap.spec().open()) {
                        goOn.await();
                    }
                    return Plan.children().status(new TapStatus(tap.spec().open()));
                })
                .start()) {
            plane.apply(tap(true));
            assertThat(plane.await(tap(true), tap -> tap.status().flowing(), LONG))
                    .isPresent();

            plane.apply(tap(false));
            assertThat(plane.get(tap(false)).orElseThrow().status().flowing())
                    .as("the status is of the older spec")
                    .isTrue();
            CompletableFuture<Optional<Resource<TapSpec, TapStatus>>> any = CompletableFuture.supplyAsync(() -> {
                try {
                    return plane.await(tap(false), tap -> true, LONG);
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
            assertThat(plane.await(tap(false), tap -> true, Duration.ofMillis(1)))
                    .isEmpty();
            goOn.countDown();
            assertThat(any.get(50, TimeUnit.SECONDS).orElseThrow().status().flowing())
                    .isFalse();
        }
    }

    @Test
    void aPlanSaysBeforehandWhatWouldChange() throws Exception {
        try (ControlPlane plane = ControlPlane.local()
                .controller(
                        TAP,
                        tap -> Plan.children().status(new TapStatus(tap.spec().open())))
                .start()) {
            assertThat(plane.plan(tap(true)).stream().map(PlannedChange::toString))
                    .containsExactly("create Tap default/kitchen");
            assertThat(plane.get(tap(true))).isEmpty();
        }
    }

    @Test
    void whatIsRequiredAndReachedIsGivenBack() throws Exception {
        try (ControlPlane plane = ControlPlane.local()
                .controller(
                        TAP,
                        tap -> Plan.children().status(new TapStatus(tap.spec().open())))
                .start()) {
            plane.apply(tap(true));

            assertThat(plane.require(tap(true), tap -> tap.status().flowing(), LONG)
                            .name())
                    .isEqualTo("kitchen");
        }
    }

    @Test
    void whatIsRequiredAndNotReachedSaysHowFarItIs() throws Exception {
        Pod web = Pod.named("web").container(c -> c.command("/nowhere/to/be/found"));
        try (ControlPlane plane = ControlPlane.local().start()) {
            plane.apply(web);
            plane.require(
                    web,
                    pod -> plane.progress(web)
                            .filter(line -> line.contains("StartError"))
                            .isPresent(),
                    LONG);

            assertThatThrownBy(() -> plane.require(web, Pod::ready, Duration.ofMillis(20)))
                    .isInstanceOf(NotReached.class)
                    .hasMessageStartingWith("Pod/web is not as required after 20ms: 0/1 ")
                    .hasMessageContaining("StartError")
                    .hasMessageContaining("there is no such program");
        }
    }

    @Test
    void ofAKindOfOnesOwnItIsToldWhatItsControllerCouldNotDo() throws Exception {
        try (ControlPlane plane = ControlPlane.local()
                .controller(TAP, tap -> {
                    throw new IllegalStateException("no water");
                })
                .start()) {
            plane.apply(tap(true));
            until(plane, events -> events.contains("no water"));

            assertThatThrownBy(() -> plane.require(tap(true), tap -> true, Duration.ofMillis(20)))
                    .isInstanceOf(NotReached.class)
                    .hasMessage(
                            "Tap/kitchen is not as required after 20ms: its controller has made no plan for it as it is now; "
                                    + "PassFailed, java.lang.IllegalStateException: no water; describe() has all that is known of it");
        }
    }

    @Test
    void ofAKindOfOnesOwnItsStatusIsToldAndWhichChildWaits() throws Exception {
        Deployment pump = Deployment.named("pump").container(c -> c.command("/nowhere/to/be/found"));
        try (ControlPlane plane = ControlPlane.local()
                .controller(TAP, tap -> Plan.children(pump).status(new TapStatus(true)))
                .start()) {
            plane.apply(tap(true));
            plane.require(tap(true), tap -> true, LONG);
            Awaitility.await()
                    .atMost(LONG)
                    .until(() -> plane.progress(pump).orElse("").contains("there is no such program"));

            assertThatThrownBy(
                            () -> plane.require(tap(true), tap -> !tap.status().flowing(), Duration.ofMillis(20)))
                    .isInstanceOf(NotReached.class)
                    .hasMessageStartingWith(
                            "Tap/kitchen is not as required after 20ms: its status is TapStatus[flowing=true]; Deployment/pump: 1 of 1 updated")
                    .hasMessageContaining("there is no such program");
            assertThat(plane.describe(tap(true)).orElseThrow()).contains("Status:\n  flowing: true\n");
        }
    }

    @Test
    void aKindThatNobodyKeepsIsToldToBeOne() throws Exception {
        try (ControlPlane plane = ControlPlane.local().start()) {
            plane.apply(tap(true));

            assertThatThrownBy(
                            () -> plane.require(tap(true), tap -> tap.status().flowing(), Duration.ofMillis(20)))
                    .isInstanceOf(NotReached.class)
                    .hasMessageContaining("after 20ms: no controller of this plane keeps a Tap; describe()");
        }
    }

    private static void until(ControlPlane plane, Predicate<String> wanted) {
        Awaitility.await().atMost(LONG).until(() -> wanted.test(plane.events().toString()));
    }

    @Test
    void whatIsRequiredAndWasNeverAppliedIsNamed() throws Exception {
        try (ControlPlane plane = ControlPlane.local().start()) {
            assertThatThrownBy(() -> plane.require(tap(true), tap -> true, Duration.ofSeconds(1)))
                    .isInstanceOf(NotReached.class)
                    .hasMessage("there is no Tap/kitchen after 1s: nobody has applied or made it");
        }
    }

    private static Declared<TapSpec, TapStatus> tap(boolean open) {
        return Declared.of(TAP, "kitchen", new TapSpec(open));
    }
}
