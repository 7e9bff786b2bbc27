package dev.corral;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.corral.testing.Leftovers;
import dev.corral.testing.Namespacing;
import dev.corral.testing.Outputs;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Launches from many threads, from threads that end, and beside the JDK's own. */
class ConcurrencyTest {
    private static final int THREADS = 8;
    private static final int EACH = 25;

    static Stream<Confinement> withAndWithoutInit() {
        return Namespacing.noneAndAll();
    }

    @Test
    void launchesFromManyThreadsBesideTheJdksOwnDoNotHang() throws Exception {
        Leftovers before = Leftovers.before();
        ExecutorService threads = Executors.newFixedThreadPool(THREADS + 1);
        AtomicBoolean done = new AtomicBoolean();
        AtomicInteger foreign = new AtomicInteger();
        try {
            Future<?> beside = threads.submit(() -> {
                while (!done.get()) {
                    Process process = new ProcessBuilder("true").start();
                    assertThat(process.waitFor()).isZero();
                    foreign.incrementAndGet();
                }
                return null;
            });
            List<Future<Integer>> launches = new ArrayList<>();
            for (int thread = 0; thread < THREADS; thread++) {
                launches.add(threads.submit(ConcurrencyTest::launchAll));
            }
            for (Future<Integer> launch : launches) {
                assertThat(launch.get(100, TimeUnit.SECONDS)).isEqualTo(EACH);
            }
            done.set(true);
            beside.get(30, TimeUnit.SECONDS);
            assertThat(foreign).hasPositiveValue();
        } finally {
            done.set(true);
            threads.shutdownNow();
            assertThat(threads.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
        }
        before.assertNothingIsLeft();
    }

    private static int launchAll() throws Exception {
        int right = 0;
        for (int i = 0; i < EACH; i++) {
            Confinement confinement = i % 3 == 0 ? Namespacing.none() : Namespacing.anyOrNone();
            try (Child child = Command.of("sh", "-c", "echo $1; exit $1", "sh", Integer.toString(i))
                    .with(confinement)
                    .start()) {
                String output = Outputs.of(child);
                right += output.equals(i + "\n") && child.await().shellCode() == i ? 1 : 0;
            }
        }
        return right;
    }

    /** The kernel ties a parent's death to the thread that spawned: that must not be the caller's. */
    @ParameterizedTest
    @MethodSource("withAndWithoutInit")
    void aChildOutlivesTheThreadThatStartedIt(Confinement confinement) throws Exception {
        Namespacing.assumeWorks(confinement);
        FutureTask<Child> starting =
                new FutureTask<>(() -> Command.of("cat").with(confinement).start());
        Thread starter = new Thread(starting);
        starter.start();
        try (Child child = starting.get(30, TimeUnit.SECONDS)) {
            starter.join();
            child.outputWriter().write("alive\n");
            child.outputWriter().flush();
            assertThat(Outputs.line(child)).isEqualTo("alive");
        }
    }

    /** One of them in the kernel, one that gives up just then, one that is told. */
    @ParameterizedTest
    @MethodSource("withAndWithoutInit")
    void manyMayWaitForTheSameEnd(Confinement confinement) throws Exception {
        Leftovers before = Leftovers.before();
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            for (int round = 0; round < 2 * EACH; round++) {
                try (Child child = Command.of("sh", "-c", "read go; exit 7")
                        .with(confinement)
                        .start()) {
                    List<Future<Exit>> waits = new ArrayList<>();
                    Duration glance = Duration.ofMillis(1 + round % 4);
                    Callable<Exit> impatient = () -> {
                        Optional<Exit> exit = child.await(glance);
                        while (exit.isEmpty()) {
                            exit = child.await(glance);
                        }
                        return exit.get();
                    };
                    Callable<Exit> patient = child::await;
                    for (int i = 0; i < THREADS; i++) {
                        waits.add(threads.submit(i % 2 == 0 ? patient : impatient));
                    }
                    LockSupport.parkNanos(Duration.ofMillis(round % 8).toNanos());
                    child.getOutputStream().close();
                    Exit told = child.exited().get(30, TimeUnit.SECONDS);
                    assertThat(told.shellCode()).isEqualTo(7);
                    for (Future<Exit> wait : waits) {
                        assertThat(wait.get(30, TimeUnit.SECONDS)).isSameAs(told);
                    }
                }
            }
        } finally {
            threads.shutdownNow();
        }
        before.assertNothingIsLeft();
    }

    @Test
    void oneCommandIsStartedByManyThreadsAtOnce() throws Exception {
        Command command = Command.of("true").with(Namespacing.pid());
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            Callable<Boolean> launch = () -> {
                try (Child child = command.start()) {
                    return child.await().ok();
                }
            };
            for (Future<Boolean> ok : threads.invokeAll(Collections.nCopies(THREADS * 4, launch))) {
                assertThat(ok.get()).isTrue();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void virtualThreadsMayLaunchAndRead() throws Exception {
        assumeThat(Runtime.version().feature()).as("needs JDK 21").isGreaterThanOrEqualTo(21);
        ExecutorService threads = (ExecutorService)
                Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
        try {
            // More readers than carriers: if one that waits held its carrier, the last would never get one.
            List<Child> children = new ArrayList<>();
            List<Future<String>> lines = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                Child child = threads.submit(() -> Command.of("cat").start()).get(30, TimeUnit.SECONDS);
                children.add(child);
                lines.add(threads.submit(() -> Outputs.line(child)));
            }
            for (Child child : children) {
                child.outputWriter().write("line\n");
                child.outputWriter().flush();
            }
            for (Future<String> line : lines) {
                assertThat(line.get(30, TimeUnit.SECONDS)).isEqualTo("line");
            }
            children.forEach(Child::close);
        } finally {
            threads.shutdownNow();
        }
    }
}
