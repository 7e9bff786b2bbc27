package dev.corral.internal.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.corral.internal.launch.LaunchBroken.How;
import dev.corral.internal.linux.Errno;
import dev.corral.internal.linux.ErrnoException;
import dev.corral.internal.linux.Fd;
import dev.corral.internal.linux.LibC;
import dev.corral.testing.Leftovers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Stage0 is started by another thread than the one that speaks with it. */
class SpawningTest {
    private static final LaunchPlan PLAN = new LaunchPlan(List.of("true"), List.of(), List.of("/bin/true"));
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final int INSTANTS = 300;

    private final Reaper reaper = Launches.reaper(LONG);
    private Leftovers before = Leftovers.now();

    @BeforeEach
    void lookAround() {
        before = Leftovers.before();
    }

    @AfterEach
    void lookAgain() {
        before.assertNothingIsLeft();
        reaper.poller().close();
    }

    private static Launched run(Handshake handshake, Duration timeout) {
        long until = System.nanoTime() + timeout.toNanos();
        try (Fd nothing = new Fd(LibC.open(Path.of("/dev/null"), LibC.O_RDWR))) {
            int end = nothing.number();
            return handshake.run(Prepared.of(new LaunchRequest(PLAN, List.of(end, end, end))), until, () -> false);
        }
    }

    @Test
    void aLauncherThatCannotBeStartedIsToldWithTheReason() throws Exception {
        LauncherImage nothing = new LauncherImage(Path.of("/proc/self/status"), Optional.empty());
        List<Runnable> queue = new ArrayList<>();
        Handshake handshake = Handshake.begin(queue::add, nothing, reaper);
        queue.forEach(Runnable::run);
        ErrnoException refused = catchThrowableOfType(ErrnoException.class, () -> run(handshake, LONG));
        assertThat(refused.errno()).isEqualTo(Errno.EACCES);
        assertThat(refused.call()).isEqualTo("posix_spawn");
    }

    @Test
    void whatWaitsInTheQueueWhenTheTimeIsUpIsNeverStarted() throws Exception {
        LauncherImage image = LauncherImage.load();
        before = Leftovers.before();
        List<Runnable> queue = new ArrayList<>();
        Handshake handshake = Handshake.begin(queue::add, image, reaper);
        LaunchBroken broken = catchThrowableOfType(LaunchBroken.class, () -> run(handshake, Duration.ofMillis(60)));
        assertThat(broken.how()).isEqualTo(How.TIMED_OUT);
        assertThat(broken.last()).isEqualTo("spawn");
        queue.forEach(Runnable::run);
    }

    @Test
    void withoutAThreadNothingIsLeft() throws Exception {
        LauncherImage image = LauncherImage.load();
        before = Leftovers.before();
        RejectedExecutionException refused = catchThrowableOfType(
                RejectedExecutionException.class,
                () -> Handshake.begin(
                        task -> {
                            throw new RejectedExecutionException("none to be had");
                        },
                        image,
                        reaper));
        assertThat(refused).hasMessage("none to be had");
    }

    @Test
    void whatIsGivenUpAtOnceLeavesNothing() throws Exception {
        Launcher launcher = Launcher.load();
        for (int i = 0; i < 8; i++) { // so that its threads are there
            Launches.end(launcher, Launches.start(launcher, Launches.plan("/bin/true"), LONG));
        }
        before = Leftovers.before();
        for (int i = 0; i < 100; i++) {
            Handshake handshake = launcher.begin();
            handshake.giveUp();
            handshake.giveUp();
        }
    }

    /** Its pid is somebody else's by then. */
    @Test
    void whatHasBecomeAPayloadIsNotGivenUp() throws Exception {
        Launcher launcher = Launcher.load();
        Handshake handshake = launcher.begin();
        Launched launched = run(handshake, LONG);
        handshake.giveUp();
        assertThat(Launches.end(launcher, launched)).isZero();
        before = Leftovers.before();
    }

    /** The time runs out at one instant after the other, in the queue, during the spawn, and after it. */
    @Test
    void aTimeThatIsUpLeavesNothingWheneverItIs() throws Exception {
        LauncherImage image = LauncherImage.load();
        ExecutorService spawns = Executors.newSingleThreadExecutor();
        spawns.submit(() -> {}).get();
        before = Leftovers.before();
        int late = 0;
        for (int step = 0; step < INSTANTS; step++) {
            try {
                run(Handshake.begin(spawns, image, reaper), Duration.ofNanos(step * 10_000L))
                        .end();
            } catch (LaunchBroken broken) {
                assertThat(broken.how()).isEqualTo(How.TIMED_OUT);
                late++;
            }
        }
        before.assertNothingIsLeft();
        assertThat(late).isPositive();
        spawns.shutdown();
        assertThat(spawns.awaitTermination(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
        before = Leftovers.before();
    }
}
