package dev.corral.reconcile;

import static dev.corral.reconcile.Stores.LAMP;
import static dev.corral.reconcile.Stores.TASK;
import static dev.corral.reconcile.Stores.lamp;
import static dev.corral.reconcile.Stores.task;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What becomes of a pass that doesn't end well. */
class OutcomeTest {
    record JobSpec(int size) {}

    record JobStatus(String note, Conditions conditions) {}

    private static final Kind<JobSpec, JobStatus> JOB = Kind.of("Job", JobSpec.class, JobStatus.class);

    private final Plane plane = new Plane();
    private final List<Attempt> attempts = new ArrayList<>();

    @AfterEach
    void close() {
        plane.close();
    }

    @Test
    void aClockThatLeapsDuringAPassDelaysNoWake() {
        plane.manager.controller(JOB, job -> {
            attempts.add(job.attempt());
            if (attempts.size() == 1) {
                plane.clock.advance(Duration.ofHours(1)); // as a machine does that was asleep
                return Plan.<JobStatus>children().wakeAt(job.now().plus(Duration.ofMinutes(30)));
            }
            return Plan.<JobStatus>children();
        });
        plane.start().apply(job(1));
        assertThat(attempts).hasSize(2);
    }

    @Test
    void aTerminalExceptionIsShownAndNotRepeatedUntilSomethingChanges() {
        plane.manager.controller(JOB, job -> {
            attempts.add(job.attempt());
            if (job.spec().size() > 10) {
                throw new TerminalException("too large");
            }
            return Plan.children().status(new JobStatus("fine", job.status().conditions()));
        });
        plane.start().apply(job(11)).advance(Duration.ofHours(1));
        assertThat(attempts).hasSize(1);
        Condition shown =
                plane.get(JOB, "job").status().conditions().get("Reconciled").orElseThrow();
        assertThat(shown.status()).isEqualTo(Condition.Status.FALSE);
        assertThat(shown.reason()).isEqualTo("TerminalException");
        assertThat(shown.message()).isEqualTo("too large");
        assertThat(plane.told("TerminalException")).containsExactly("too large");

        plane.apply(job(1));
        assertThat(attempts).hasSize(2);
        assertThat(plane.get(JOB, "job").status()).isEqualTo(new JobStatus("fine", Conditions.none()));
        assertThat(plane.manager.failures()).isEmpty();
    }

    @Test
    void theSafetyNetComesBackToWhatHasFailed() {
        plane.manager.controller(JOB, job -> {
            attempts.add(job.attempt());
            throw new TerminalException("never");
        });
        plane.start().apply(job(1)).advance(Duration.ofHours(12));
        assertThat(attempts).hasSize(2);
    }

    @Test
    void aFailedPlanIsCarriedOutAndShown() {
        plane.manager.controller(JOB, job -> {
            attempts.add(job.attempt());
            return Plan.children(task("part"))
                    .status(new JobStatus("partly", job.status().conditions()))
                    .failed("NoQuota", "only one part fits");
        });
        plane.start().apply(job(1)).advance(Duration.ofHours(1));

        assertThat(attempts).hasSize(1);
        assertThat(plane.names(TASK)).containsExactly("part");
        JobStatus status = plane.get(JOB, "job").status();
        assertThat(status.note()).isEqualTo("partly");
        assertThat(status.conditions().get("Reconciled").map(Condition::reason)).contains("NoQuota");
        assertThat(plane.told("NoQuota")).containsExactly("only one part fits");
    }

    @Test
    void aPlanMayLeaveAllChildrenAsTheyAre() {
        plane.manager.controller(
                JOB, job -> job.children(TASK).isEmpty() ? Plan.children(task("a"), task("b")) : Plan.unchanged());
        plane.start().apply(job(1)).apply(job(2));
        assertThat(plane.store.snapshot().list(TASK))
                .extracting(task -> task.metadata().terminating())
                .containsExactly(false, false);
    }

    @Test
    void afterTheLastAttemptNothingIsTriedUntilSomethingChanges() {
        plane.manager.controller(
                JOB,
                job -> {
                    attempts.add(job.attempt());
                    throw new IOException("on purpose");
                },
                options -> options.maxAttempts(3));
        plane.start().apply(job(1)).advance(Duration.ofHours(1));
        assertThat(attempts).containsExactly(new Attempt(1, false), new Attempt(2, false), new Attempt(3, true));
        assertThat(plane.told("AttemptsExhausted")).singleElement().asString().contains("on purpose");
        assertThat(plane.get(JOB, "job").status().conditions().holds("Reconciled"))
                .isFalse();

        plane.apply(job(2));
        assertThat(attempts).last().isEqualTo(new Attempt(1, false));
    }

    @Test
    void aControllerHasABackOffOfItsOwn() {
        plane.manager.controller(
                JOB,
                job -> {
                    attempts.add(job.attempt());
                    throw new IOException("on purpose");
                },
                options -> options.retry(Backoff.fixed(ofSeconds(10))));
        plane.start().apply(job(1)).advance(ofSeconds(8));
        assertThat(attempts).hasSize(1);
        plane.advance(ofSeconds(4));
        assertThat(attempts).hasSize(2);
    }

    @Test
    void anErrorMayBecomeAStatus() {
        plane.manager.controller(
                LAMP,
                lamp -> {
                    throw new IOException("bulb missing");
                },
                options -> options.onError((lamp, error) -> Optional.of(
                        new Stores.LampStatus(false, lamp.attempt().number() + ": " + error.getMessage()))));
        plane.start().apply(lamp("hall", 1));
        assertThat(plane.get(LAMP, "hall").status()).isEqualTo(new Stores.LampStatus(false, "1: bulb missing"));
        plane.advance(ofMillis(6));
        assertThat(plane.get(LAMP, "hall").status().note()).isEqualTo("2: bulb missing");
    }

    @Test
    void aHookThatThrowsLosesNoKey() {
        plane.manager.controller(
                LAMP,
                lamp -> {
                    attempts.add(lamp.attempt());
                    throw new IOException("bulb missing");
                },
                options -> options.onError((lamp, error) -> {
                    throw new IllegalStateException("hook");
                }));
        plane.start().apply(lamp("hall", 1)).advance(ofMillis(6));
        assertThat(attempts).hasSize(2);
        assertThat(plane.told("ErrorStatusFailed")).containsExactly("hook");
    }

    @Test
    void aChildThatBelongsToAnotherIsShownAsACondition() {
        plane.manager.controller(JOB, job -> Plan.children(task("taken")));
        plane.store.create(task("taken")).orThrow();
        plane.start().apply(job(1));
        assertThat(plane.get(JOB, "job").status().conditions().get("Reconciled").map(Condition::reason))
                .contains("AlreadyOwned");
    }

    @Test
    @Timeout(60)
    void aPassThatBlocksPastItsTimeOutIsInterruptedAndCountedApart() throws Exception {
        Store store = Store.inMemory();
        CountDownLatch twice = new CountDownLatch(2);
        CountDownLatch never = new CountDownLatch(1);
        try (ControllerManager manager = ControllerManager.over(store)) {
            manager.controller(
                    LAMP,
                    lamp -> {
                        twice.countDown();
                        never.await();
                        return Plan.children();
                    },
                    options -> options.timeout(ofMillis(20)));
            List<PassEnded> ended = Collections.synchronizedList(new ArrayList<>());
            manager.listener(new EngineListener() {
                @Override
                public void passEnded(PassEnded pass) {
                    ended.add(pass);
                }
            });
            manager.start();
            store.apply(lamp("hall", 1)).orThrow();
            twice.await();
            assertThat(manager.failures())
                    .singleElement()
                    .satisfies(failure -> assertThat(failure.error())
                            .isInstanceOf(PassTimedOut.class)
                            .hasMessageContaining(
                                    "the pass for Lamp default/hall took longer than its time-out of PT0.02S"));
            assertThat(ended).extracting(pass -> pass.outcome().name()).contains("timeout");
            assertThat(manager.events()).extracting(Event::reason).contains("Overdue", "PassTimedOut");
        }
    }

    /** The time-out strikes just as the pass ends by itself: whoever comes second must not leave it counted. */
    @Test
    @Timeout(120)
    void aPassThatEndsAsItsTimeIsUpIsNotOverdueForEver() throws Exception {
        Store store = Store.inMemory();
        AtomicInteger passes = new AtomicInteger();
        CountDownLatch enough = new CountDownLatch(1);
        try (ControllerManager manager = ControllerManager.over(store)) {
            manager.controller(
                    LAMP,
                    lamp -> {
                        if (passes.incrementAndGet() == 2_000) {
                            enough.countDown();
                        }
                        new CountDownLatch(1).await(1, TimeUnit.MILLISECONDS);
                        return Plan.<Stores.LampStatus>children().wakeAfter(ofMillis(0));
                    },
                    options -> options.timeout(ofMillis(1))
                            .retry(Backoff.fixed(ofMillis(0)))
                            .workers(8));
            manager.start();
            for (int i = 0; i < 8; i++) {
                store.apply(lamp("hall-" + i, 1)).orThrow();
            }
            enough.await();
            store.snapshot().list(LAMP).forEach(store::delete);
            await().atMost(ofSeconds(60))
                    .untilAsserted(() -> assertThat(manager.healthy()).isTrue());
        }
    }

    @Test
    void aPlanThatComesTooLateIsDropped() {
        plane.manager.controller(
                LAMP,
                lamp -> {
                    attempts.add(lamp.attempt());
                    if (attempts.size() == 1) {
                        plane.clock.advance(ofSeconds(2));
                    }
                    return Plan.children().status(new Stores.LampStatus(true, "pass " + attempts.size()));
                },
                options -> options.timeout(ofSeconds(1)));
        plane.start().apply(lamp("hall", 1));
        assertThat(plane.get(LAMP, "hall").status().note()).isEmpty();
        assertThat(Thread.interrupted())
                .as("the interrupt doesn't outlive the pass")
                .isFalse();
        plane.advance(ofSeconds(1));
        assertThat(plane.get(LAMP, "hall").status().note()).isEqualTo("pass 2");
    }

    private static Declared<JobSpec, JobStatus> job(int size) {
        return Declared.of(JOB, "job", new JobSpec(size));
    }
}
