package dev.corral;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corral.testing.ForkedJvm;
import dev.corral.testing.Leftovers;
import dev.corral.testing.Namespacing;
import dev.corral.testing.Outputs;
import dev.corral.testing.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Launches of all sorts by eight threads, half of them virtual on a JDK that has them, beside launches of the JDK's own. The
 * usual run makes a few hundred, {@code -Pstress} ten thousand.
 */
class StressTest {
    private static final int LAUNCHES = Integer.getInteger("corral.stress.launches", 400);
    private static final int THREADS = 8;
    private static final int FIRST_JDK_WITH_VIRTUAL = 21;

    /** Of one size and resident from the beginning: what grows is something else. */
    private static final List<String> FIXED_HEAP =
            List.of("-Xms256m", "-Xmx256m", "-XX:+AlwaysPreTouch", "-XX:+UseSerialGC");

    /** Much more than a start takes on a busy machine, much less than waiting for somebody else's program would. */
    private static final Duration MOST_FOR_A_START = Duration.ofSeconds(30);

    /** What the JVM may take beside its heap while the second half runs; 4 KiB for each of five thousand launches are more. */
    private static final long MOST_GROWTH_KIB = 16 << 10;

    private final AtomicInteger next = new AtomicInteger();
    private final AtomicInteger ended = new AtomicInteger();
    private final AtomicInteger virtual = new AtomicInteger();

    @Test
    @Timeout(value = 500, unit = TimeUnit.SECONDS)
    void launchesByManyThreadsNeitherHangNorGrowNorHoldOthersUp() throws Exception {
        List<String> line = ForkedJvm.commandLine(Stress.class, Integer.toString(LAUNCHES));
        line.addAll(1, FIXED_HEAP);
        System.out.print(ForkedJvm.run(new ProcessBuilder(line)).ok().output());
    }

    /** All of it, in a JVM of its own. */
    static final class Stress {
        private Stress() {}

        public static void main(String[] arguments) throws Exception {
            new StressTest().run(Integer.parseInt(arguments[0]));
        }
    }

    private void run(int launches) throws Exception {
        Leftovers before = Leftovers.before();
        AtomicBoolean done = new AtomicBoolean();
        AtomicInteger foreign = new AtomicInteger();
        AtomicLong slowest = new AtomicLong();
        long begin = System.nanoTime();
        long half;
        ExecutorService platform = Executors.newCachedThreadPool();
        ExecutorService carried = virtualOr(platform);
        try {
            Future<?> beside = platform.submit(() -> {
                while (!done.get()) {
                    startForeign(slowest);
                    foreign.incrementAndGet();
                }
                return null;
            });
            launchAll(launches / 2, platform, carried);
            half = residentKib();
            launchAll(launches, platform, carried);
            done.set(true);
            beside.get(30, TimeUnit.SECONDS);
        } finally {
            done.set(true);
            carried.shutdownNow();
            platform.shutdownNow();
            assertThat(platform.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
        }
        long growth = residentKib() - half;
        System.out.printf(
                "stress: %d launches (%d by virtual threads) in %.1f s; %d by ProcessBuilder beside, the slowest start %d ms;"
                        + " %d KiB more beside the heap%n",
                ended.get(),
                virtual.get(),
                (System.nanoTime() - begin) / 1e9,
                foreign.get(),
                slowest.get() / 1_000_000,
                growth);
        assertThat(ended).hasValue(launches);
        assertThat(foreign).hasPositiveValue();
        assertThat(Duration.ofNanos(slowest.get())).isLessThan(MOST_FOR_A_START);
        assertThat(growth).isLessThan(MOST_GROWTH_KIB);
        before.assertNothingIsLeft();
    }

    private static void startForeign(AtomicLong slowest) throws Exception {
        long start = System.nanoTime();
        Process process = new ProcessBuilder("true").start();
        slowest.accumulateAndGet(System.nanoTime() - start, Math::max);
        assertThat(process.waitFor()).isZero();
    }

    private static ExecutorService virtualOr(ExecutorService platform) throws ReflectiveOperationException {
        return Runtime.version().feature() < FIRST_JDK_WITH_VIRTUAL
                ? platform
                : (ExecutorService) Executors.class
                        .getMethod("newVirtualThreadPerTaskExecutor")
                        .invoke(null);
    }

    private void launchAll(int until, ExecutorService platform, ExecutorService carried) throws Exception {
        List<Future<?>> threads = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            ExecutorService executor = i % 2 == 0 ? platform : carried;
            threads.add(executor.submit(() -> {
                for (int n = next.getAndIncrement(); n < until; n = next.getAndIncrement()) {
                    launch(n);
                    ended.incrementAndGet();
                    virtual.addAndGet(executor.equals(platform) ? 0 : 1);
                }
                return null;
            }));
        }
        for (Future<?> thread : threads) {
            thread.get();
        }
        next.set(until);
    }

    /** Of all sorts: plain, isolated, in one call, in two steps, with a terminal, entered, and one that is killed. */
    private static void launch(int n) throws Exception {
        Confinement confinement = n % 3 == 0 ? Namespacing.none() : Namespacing.anyOrNone();
        int code = n % 200;
        Command plain = Command.of("sh", "-c", "echo $1; exit $1", "sh", Integer.toString(code));
        Command command = plain.with(confinement);
        switch (n % 10) {
            case 0 -> {
                Result result = command.run(Duration.ofMinutes(5));
                assertThat(result.output()).hasToString(code + "\n");
                assertThat(result.exit().shellCode()).isEqualTo(code);
            }
            case 1 -> {
                try (Child child = command.create()) {
                    child.start();
                    assertEnd(child, code, "\n");
                }
            }
            case 2 -> {
                try (Child child = command.terminal(Terminal.Size.standard()).start()) {
                    assertEnd(child, code, "\r\n");
                }
            }
            case 3 -> {
                try (Child host = Command.of("cat").with(confinement).start();
                        Child child = host.exec(plain)) {
                    assertEnd(child, code, "\n");
                }
            }
            case 4 -> {
                Child child = Command.of("cat").with(confinement).start();
                child.close();
                assertThat(child.exit().orElseThrow().cause(Cause.Killed.class)).isPresent();
            }
            default -> {
                try (Child child = command.start()) {
                    assertEnd(child, code, "\n");
                }
            }
        }
    }

    private static void assertEnd(Child child, int code, String lineEnd) throws Exception {
        assertThat(Outputs.of(child)).isEqualTo(code + lineEnd);
        assertThat(child.await().shellCode()).isEqualTo(code);
    }

    private static long residentKib() throws Exception {
        return Long.parseLong(
                Status.of(ProcessHandle.current().pid()).get("VmRSS").replace(" kB", ""));
    }
}
