package dev.corral.reconcile.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.corral.reconcile.testing.ManualClock;
import dev.corral.reconcile.testing.Script;
import dev.corral.reconcile.testing.ScriptedRuntime;
import dev.corral.reconcile.workload.Container;
import dev.corral.reconcile.workload.ContainerRuntime;
import dev.corral.reconcile.workload.Probe;
import dev.corral.reconcile.workload.ProbeKind;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class StandardProberTest {
    private static final ContainerRuntime.Identity WEB = new ContainerRuntime.Identity("web-0", "uid", "main", 0);
    private static final Container CONTAINER =
            Container.named("main").command("serve").port("http", 8080).env("ROLE", "leader");

    private static final Duration LONG = Duration.ofMinutes(1);

    private final ExecutorService executor = Executors.newCachedThreadPool();
    private boolean slow;
    private final CountDownLatch never = new CountDownLatch(1);
    private final CountDownLatch hanging = new CountDownLatch(1);
    private final AtomicInteger asked = new AtomicInteger();
    private final CountDownLatch interrupted = new CountDownLatch(1);
    private final StandardProber prober = new StandardProber(
            Map.of(
                    "well",
                            target -> target.pod().equals("web-0")
                                    && target.ports().equals(Map.of("http", 8080)),
                    "ill", target -> false,
                    "broken",
                            target -> {
                                throw new java.io.IOException("no route");
                            },
                    "slow", target -> hang(),
                    "deaf", target -> goOn()),
            this::begin);
    private final ScriptedRuntime runtime = new ScriptedRuntime(
            ManualClock.startingAt(Instant.EPOCH),
            (identity, container) -> Script.server().executes("sick-leader", Duration.ZERO, 1));
    private final ContainerRuntime.Run run = runtime.start(ContainerRuntime.Order.of(WEB, CONTAINER));

    /** The function that hangs has begun when its time does, however late a thread comes to it. */
    private void begin(Runnable task) {
        executor.execute(task);
        if (slow) {
            try {
                hanging.await();
            } catch (InterruptedException impossible) {
                throw new IllegalStateException(impossible);
            }
        }
    }

    @AfterEach
    void stop() {
        executor.shutdown();
    }

    @Test
    void aFunctionIsToldWhomItAsksAndItsAnswerCounts() throws Exception {
        assertThat(ask(Probe.function("well").timeout(LONG)).success()).isTrue();
        assertThat(ask(Probe.function("ill").timeout(LONG)))
                .isEqualTo(new Prober.Answer(false, "function ill says no"));
    }

    @Test
    void aFunctionThatThrowsSaysNo() throws Exception {
        assertThat(ask(Probe.function("broken").timeout(LONG)))
                .isEqualTo(new Prober.Answer(false, "function broken threw java.io.IOException: no route"));
    }

    @Test
    @Timeout(60)
    void aFunctionThatTakesTooLongIsInterruptedAndSaysNo() throws Exception {
        slow = true;
        assertThat(ask(Probe.function("slow").timeout(Duration.ofMillis(50))).what())
                .isEqualTo("function slow did not answer within 0.05 s");
        interrupted.await();
    }

    /** Else each question would take a thread more. */
    @Test
    @Timeout(60)
    void aFunctionThatDoesNotReturnIsNotAskedAgainUntilItDoes() throws Exception {
        Probe deaf = Probe.function("deaf").timeout(Duration.ofMillis(50));
        slow = true;
        assertThat(ask(deaf).what()).isEqualTo("function deaf did not answer within 0.05 s");
        assertThat(ask(deaf)).isEqualTo(Prober.Answer.no("function deaf has not returned since it was asked before"));
        assertThat(asked).hasValue(1);
        never.countDown();
        Awaitility.await().untilAsserted(() -> {
            assertThat(ask(Probe.function("deaf").timeout(LONG)).success()).isTrue();
        });
        assertThat(asked).hasValue(2);
    }

    private boolean goOn() {
        asked.incrementAndGet();
        hanging.countDown();
        boolean over = false;
        while (!over) {
            try {
                never.await();
                over = true;
            } catch (InterruptedException unheeded) {
                over = never.getCount() == 0;
            }
        }
        return true;
    }

    @Test
    void aFunctionThatNobodyRegisteredIsAnErrorOfTheProber() {
        assertThatThrownBy(() -> ask(Probe.function("unknown")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("there is no probe function 'unknown'")
                .hasMessageContaining("ControlPlane.local().probe(\"unknown\", ..)");
    }

    @Test
    void aCommandSaysYesByItsExitCodeAndKnowsTheVariablesOfItsContainer() throws Exception {
        assertThat(ask(Probe.exec("healthy", "-v")).success()).isTrue();
        assertThat(ask(Probe.exec("sick-$(ROLE)", "--port", "$(PORT)")))
                .isEqualTo(new Prober.Answer(false, "sick-leader --port 8080 exited with 1"));
    }

    private Prober.Answer ask(Probe probe) throws InterruptedException {
        return prober.ask(
                new Prober.Question(ProbeKind.LIVENESS, probe, ContainerRuntime.Order.of(WEB, CONTAINER), run));
    }

    private boolean hang() throws InterruptedException {
        hanging.countDown();
        try {
            never.await();
            return true;
        } catch (InterruptedException hurry) {
            interrupted.countDown();
            throw hurry;
        }
    }
}
