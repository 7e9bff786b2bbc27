package dev.corral.internal.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.corral.Feature;
import dev.corral.internal.launch.LaunchBroken.How;
import dev.corral.internal.linux.Fd;
import dev.corral.internal.linux.LibC;
import dev.corral.internal.linux.PollCalls;
import dev.corral.internal.linux.ProcessCalls;
import dev.corral.testing.CProgram;
import dev.corral.testing.Leftovers;
import dev.corral.testing.Namespacing;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Launchers that die, hang or talk nonsense at each point of the conversation: a typed end, and nothing left. */
class HandshakeTest {
    /** A launcher that does one thing wrong; the first lines are the tools it does it with. */
    private static final String LIAR = """
            #define _GNU_SOURCE
            #include <sched.h>
            #include <signal.h>
            #include <string.h>
            #include <sys/socket.h>
            #include <sys/syscall.h>
            #include <sys/wait.h>
            #include <unistd.h>
            #include "protocol.h"
            #include "steps.h"

            static void say(int type, unsigned number, int descriptor)
            {
                struct message message = { .magic = MESSAGE_MAGIC, .type = type, .number = number };
                struct iovec vector = { &message, MESSAGE_HEAD };
                char control[CMSG_SPACE(sizeof(int))] = { 0 };
                struct msghdr header = { .msg_iov = &vector, .msg_iovlen = 1 };

                if (descriptor >= 0) {
                    header.msg_control = control;
                    header.msg_controllen = sizeof(control);
                    struct cmsghdr *rights = CMSG_FIRSTHDR(&header);
                    rights->cmsg_level = SOL_SOCKET;
                    rights->cmsg_type = SCM_RIGHTS;
                    rights->cmsg_len = CMSG_LEN(sizeof(int));
                    memcpy(CMSG_DATA(rights), &descriptor, sizeof(int));
                }
                sendmsg(3, &header, MSG_NOSIGNAL);
            }

            static void hear(void)
            {
                char bytes[64];

                recv(3, bytes, sizeof(bytes), 0);
            }

            static void hang(void)
            {
                for (;;)
                    pause();
            }

            /* A sibling, as the real one makes it; 0 in the sibling. */
            static long sibling(void)
            {
                return syscall(SYS_clone, CLONE_PARENT | SIGCHLD, 0, 0, 0, 0);
            }

            /* A sibling that speaks only once it has been told of: its first words are WORDS, and then it dies of SIGKILL. */
            #ifndef WORDS
            #define WORDS
            #endif
            static void tell_and_let_speak(void)
            {
                int gate[2];
                char byte;

                if (pipe(gate))
                    return;
                long pid = sibling();
                if (!pid) {
                    close(gate[1]);
                    if (read(gate[0], &byte, 1) == 0) {
                        WORDS;
                    }
                    raise(SIGKILL);
                }
                say(MESSAGE_PID, pid, syscall(SYS_pidfd_open, pid, 0));
            }

            static void tell(long pid)
            {
                say(MESSAGE_PID, pid, syscall(SYS_pidfd_open, pid, 0));
            }

            int main(void)
            {
                (void)say, (void)hear, (void)hang, (void)sibling, (void)tell, (void)tell_and_let_speak;
                WRONG;
                return 0;
            }
            """;

    private static final LaunchPlan PLAN = new LaunchPlan(List.of("true"), List.of(), List.of("/bin/true"));

    private static final int INSTANTS = 300;
    private static final Duration SOON = Duration.ofMillis(150);
    private static final Duration LONG = Duration.ofSeconds(30);

    private static final Reaper REAPER = Launches.reaper(LONG);
    /** Leaves every death to its poller. */
    private static final Reaper HASTY = Launches.reaper(Duration.ZERO);

    @TempDir
    Path directory;

    private static LauncherImage real = new LauncherImage(Path.of("/"), Optional.empty());

    private Leftovers before = Leftovers.now();

    @BeforeAll
    static void loadTheLauncher() throws Exception {
        real = LauncherImage.load();
    }

    @AfterAll
    static void endTheReaper() {
        REAPER.poller().close();
        HASTY.poller().close();
    }

    @BeforeEach
    void lookAround() {
        before = Leftovers.before();
    }

    @AfterEach
    void lookAgain() {
        before.assertNothingIsLeft();
    }

    /** Answers each WAIT at once. */
    private static final LaunchRequest.Waits PROMPT = new LaunchRequest.Waits() {
        @Override
        public void listen(int listener) {
            new Fd(listener).close();
        }

        @Override
        public void mapIds(int pid) {
            assertThat(pid).isPositive();
        }

        @Override
        public void connect(int pid) {
            assertThat(pid).isPositive();
        }
    };

    private static boolean never() {
        return false;
    }

    private static Launched launch(LauncherImage image, BooleanSupplier stop, Duration timeout) {
        return launch(image, PLAN, PROMPT, stop, timeout, REAPER);
    }

    private static Launched launch(
            LauncherImage image, LaunchPlan plan, LaunchRequest.Waits waits, BooleanSupplier stop, Duration timeout) {
        return launch(image, plan, waits, stop, timeout, REAPER);
    }

    private static Launched launch(
            LauncherImage image,
            LaunchPlan plan,
            LaunchRequest.Waits waits,
            BooleanSupplier stop,
            Duration timeout,
            Reaper reaper) {
        try (Fd nothing = new Fd(LibC.open(Path.of("/dev/null"), LibC.O_RDWR))) {
            int number = nothing.number();
            LaunchRequest request = new LaunchRequest(plan, List.of(number, number, number), waits);
            long until = System.nanoTime() + timeout.toNanos();
            return Handshake.begin(Runnable::run, image, reaper).run(Prepared.of(request), until, stop);
        }
    }

    private static LaunchPlan plan(LaunchPlan.Flag... flags) {
        LaunchPlan plan = new LaunchPlan(List.of("true"), List.of(), List.of("/bin/true"));
        List.of(flags).forEach(plan::flag);
        return plan;
    }

    private LauncherImage liar(String wrong) throws Exception {
        return liar(wrong, "");
    }

    private LauncherImage liar(String wrong, String words) throws Exception {
        Path program = CProgram.compile(directory, "liar", LIAR, "-DWRONG=" + wrong, "-DWORDS=" + words);
        LauncherImage image = LauncherImage.of(Files.readAllBytes(program));
        before = Leftovers.before();
        return image;
    }

    private LaunchBroken broken(String wrong) throws Exception {
        LauncherImage image = liar(wrong);
        return catchThrowableOfType(LaunchBroken.class, () -> launch(image, HandshakeTest::never, LONG));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "return 3                                       | spawn   | 768",
                "raise(SIGKILL)                                 | spawn   | 9",
                "hear(); return 4                               | spawn   | 1024",
                "hear(); raise(SIGSEGV)                         | spawn   | 11",
                "hear(); long p = sibling(); if (!p) return 5; tell(p)      | clone   | 1280",
                "hear(); long p = sibling(); if (!p) raise(SIGKILL); tell(p)| clone   | 9",
                "hear(); say(MESSAGE_EXECING, 0, -1)            | execing | 0"
            })
    void aSetUpThatDiesIsToldWithItsLastWordAndStatus(String wrong, String last, int status) throws Exception {
        LaunchBroken broken = broken(wrong);
        assertThat(broken.how()).isEqualTo(How.DIED);
        assertThat(broken.last()).isEqualTo(last);
        assertThat(broken.rawStatus() & ~0x80).isEqualTo(status);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "hear(); send(3, \"nonsense\", 8, 0); hang()",
                "hear(); say(MESSAGE_HELLO, CORRAL_PROTOCOL, -1); hang()",
                "hear(); say(99, 0, -1); hang()",
                "hear(); say(MESSAGE_ERROR, STEP_COUNT, -1); hang()",
                "hear(); say(MESSAGE_PID, getpid(), -1); hang()",
                "hear(); say(MESSAGE_PID, 0, 0); hang()",
                "hear(); say(MESSAGE_PID, -1, 0); hang()",
                "hear(); long p = sibling(); if (!p) hang(); tell(p); tell(p); hang()"
            })
    void nonsenseIsToldAsSuch(String wrong) throws Exception {
        assertThat(broken(wrong).how()).isEqualTo(How.GARBLED);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "hang()                                                                        | spawn",
                "hear(); hang()                                                                | spawn",
                "signal(SIGTERM, SIG_IGN); hear(); hang()                                      | spawn",
                "hear(); if (!sibling()) hang(); hang()                                        | spawn",
                "hear(); long p = sibling(); if (!p) hang(); tell(p); hang()                   | clone",
                "hear(); long p = sibling(); if (!p) { setsid(); hang(); } tell(p); hang()     | clone",
                "hear(); long p = sibling(); if (!p) { setsid(); hang(); } tell(p)             | clone",
                "hear(); if (!sibling()) hang()                                                | spawn"
            })
    void whoeverHangsIsEndedWhenTheTimeIsUp(String wrong, String last) throws Exception {
        LauncherImage image = liar(wrong);
        LaunchBroken broken = outOfTime(last, time -> launch(image, HandshakeTest::never, time));
        assertThat(broken.how()).isEqualTo(How.TIMED_OUT);
        assertThat(broken.last()).isEqualTo(last);
    }

    /** With ever more time, until it has come as far as it does before it hangs: that takes longer on a busy machine. */
    private static LaunchBroken outOfTime(String last, Consumer<Duration> launch) {
        Duration time = SOON;
        LaunchBroken broken = outOfTime(time, launch);
        while (!broken.last().equals(last) && time.compareTo(LONG) < 0) {
            time = time.multipliedBy(4);
            broken = outOfTime(time, launch);
        }
        return broken;
    }

    private static LaunchBroken outOfTime(Duration time, Consumer<Duration> launch) {
        return catchThrowableOfType(LaunchBroken.class, () -> launch.accept(time));
    }

    @Test
    void whoeverHangsIsEndedWhenTheCallerGivesUp() throws Exception {
        LauncherImage image = liar("hear(); long p = sibling(); if (!p) hang(); tell(p); hang()");
        assertThat(catchThrowableOfType(LaunchBroken.class, () -> launch(image, () -> true, LONG)))
                .extracting(LaunchBroken::how)
                .isEqualTo(How.CANCELLED);
    }

    @Test
    void theFirstErrorCounts() throws Exception {
        LauncherImage image =
                liar("hear(); say(MESSAGE_ERROR, STEP_IDMAP, -1); say(MESSAGE_ERROR, STEP_GATE, -1); hang()");
        StepFailed failed = catchThrowableOfType(StepFailed.class, () -> launch(image, HandshakeTest::never, LONG));
        assertThat(failed.step()).isEqualTo(Step.IDMAP);
    }

    @Test
    void anErrorAfterExecingIsStillAnError() throws Exception {
        LauncherImage image = liar("hear(); long p = sibling(); if (!p) hang(); tell(p); say(MESSAGE_EXECING, 0, -1); "
                + "say(MESSAGE_ERROR, STEP_EXEC, -1)");
        StepFailed failed = catchThrowableOfType(StepFailed.class, () -> launch(image, HandshakeTest::never, LONG));
        assertThat(failed.step()).isEqualTo(Step.EXEC);
    }

    /** The time runs out at one instant of a real launch after the other. */
    private static void assertEachInstantLeavesNothing(int stepNanos, Consumer<Duration> launch) {
        int late = 0;
        for (int step = 0; step < INSTANTS; step++) {
            try {
                launch.accept(Duration.ofNanos((long) step * stepNanos));
            } catch (LaunchBroken broken) {
                assertThat(broken.how()).isEqualTo(How.TIMED_OUT);
                late++;
            }
        }
        assertThat(late).isPositive();
    }

    @Test
    void aTimeThatIsUpLeavesNothingWheneverItIs() {
        assertEachInstantLeavesNothing(
                15_000, time -> launch(real, HandshakeTest::never, time).end());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "WAIT_IDMAP   | idmap",
                "WAIT_NETWORK | network",
            })
    void whoeverDiesWhileTheJvmDoesItsPartIsTold(String what, String last) throws Exception {
        String sibling = "hear(); long p = sibling(); if (!p) { close(3); hang(); } tell(p); ";
        LauncherImage image = liar(sibling + "say(MESSAGE_WAIT, " + what + ", -1); raise(SIGKILL)");
        LaunchBroken broken = catchThrowableOfType(LaunchBroken.class, () -> launch(image, HandshakeTest::never, LONG));
        assertThat(broken.how()).isEqualTo(How.DIED);
        assertThat(broken.last()).isEqualTo(last);
        assertThat(broken.rawStatus()).isEqualTo(9);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "WAIT_IDMAP   | idmap",
                "WAIT_NETWORK | network",
            })
    void whoeverHangsAfterTheJvmHasDoneItsPartIsEnded(String what, String last) throws Exception {
        String sibling = "hear(); long p = sibling(); if (!p) hang(); tell(p); ";
        LauncherImage image = liar(sibling + "say(MESSAGE_WAIT, " + what + ", -1); hear(); hang()");
        LaunchBroken broken = outOfTime(last, time -> launch(image, HandshakeTest::never, time));
        assertThat(broken.how()).isEqualTo(How.TIMED_OUT);
        assertThat(broken.last()).isEqualTo(last);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "hear(); say(MESSAGE_WAIT, WAIT_IDMAP, -1); hang()                                    | ",
                "hear(); tell_and_let_speak(); say(MESSAGE_WAIT, 3, -1); hang()                       | ",
                "hear(); tell_and_let_speak()                     | say(MESSAGE_READY, 0, -1)",
                "hear(); tell_and_let_speak()                     | say(MESSAGE_TERMINAL, 0, 3)",
                "hear(); tell_and_let_speak()                     | say(MESSAGE_LISTENER, 0, 3)",
                "hear(); tell_and_let_speak()                     | say(MESSAGE_START, 0, -1)",
                "hear(); tell_and_let_speak()                     | say(MESSAGE_DONE, 0, -1)",
                "hear(); tell_and_let_speak()                     | say(MESSAGE_FDS, 0, 3)",
            })
    void whatNobodyHasAskedForIsNonsense(String wrong, String words) throws Exception {
        LauncherImage image = liar(wrong, words == null ? "" : words);
        LaunchBroken broken = catchThrowableOfType(LaunchBroken.class, () -> launch(image, HandshakeTest::never, LONG));
        assertThat(broken.how()).isEqualTo(How.GARBLED);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "say(MESSAGE_TERMINAL, 0, -1)                                          | GARBLED",
                "say(MESSAGE_TERMINAL, 0, 0)                                           | DIED",
                "say(MESSAGE_TERMINAL, 0, 0); say(MESSAGE_TERMINAL, 0, 0)              | GARBLED",
                "say(MESSAGE_EXECING, 0, -1); say(MESSAGE_LISTENER, 0, -1)             | GARBLED",
                "say(MESSAGE_LISTENER, 0, 0); say(MESSAGE_LISTENER, 0, 0)              | GARBLED",
                "say(MESSAGE_LISTENER, 0, 0)                                           | DIED"
            })
    void descriptorsOfALaunchThatFailsAreClosed(String words, How how) throws Exception {
        LauncherImage image = liar("hear(); tell_and_let_speak()", words);
        LaunchPlan plan = plan(LaunchPlan.Flag.TERMINAL, LaunchPlan.Flag.NOTIFY);
        LaunchBroken broken =
                catchThrowableOfType(LaunchBroken.class, () -> launch(image, plan, PROMPT, HandshakeTest::never, LONG));
        assertThat(broken.how()).isEqualTo(how);
    }

    /** What rests is the caller's, whatever comes of its start. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "                                                                          | DIED",
                "hear()                                                                    | DIED",
                "hear(); hang()                                                            | TIMED_OUT",
                "hear(); say(MESSAGE_READY, 0, -1)                                         | GARBLED",
                "hear(); say(MESSAGE_LISTENER, 0, 0)                                       | DIED",
                "hear(); say(MESSAGE_EXECING, 0, -1); say(MESSAGE_LISTENER, 0, -1)         | GARBLED",
                "hear(); send(3, \"nonsense\", 8, 0); hang()                               | GARBLED"
            })
    void aRestThatDoesNotEndWellIsTold(String words, How how) throws Exception {
        LauncherImage image =
                liar("hear(); tell_and_let_speak()", "say(MESSAGE_READY, 0, -1); " + (words == null ? "" : words));
        LaunchPlan plan = plan(LaunchPlan.Flag.WAIT_START, LaunchPlan.Flag.NOTIFY);
        Launched rests = launch(image, plan, PROMPT, HandshakeTest::never, LONG);
        Handshake rest = rests.rest().orElseThrow();
        Duration patience = how == How.TIMED_OUT ? SOON : LONG;
        LaunchBroken broken = catchThrowableOfType(
                LaunchBroken.class, () -> rest.resume(System.nanoTime() + patience.toNanos(), HandshakeTest::never));
        rests.end();
        assertThat(broken.how()).isEqualTo(how);
        assertThat(catchThrowableOfType(LaunchBroken.class, () -> rest.resume(System.nanoTime(), HandshakeTest::never)))
                .isNotNull();
    }

    /** The real launcher, whose processes are killed while the JVM does its part. */
    @ParameterizedTest
    @CsvSource({"MAP_BY_JVM, true", "MAP_BY_JVM, false", "WAIT_NETWORK, true", "WAIT_NETWORK, false"})
    void theRealLauncherIsKilledWhileItWaits(LaunchPlan.Flag wait, boolean leader) {
        Namespacing.assumeHas(Feature.USER_NAMESPACE);
        LaunchPlan plan = plan(wait, LaunchPlan.Flag.WAIT_START).namespaces(List.of("user", "pid"));
        LaunchRequest.Waits killer = new LaunchRequest.Waits() {
            @Override
            public void mapIds(int pid) {
                ProcessCalls.kill(leader ? leaderOf(pid) : pid, 9);
            }

            @Override
            public void connect(int pid) {
                mapIds(pid);
            }
        };
        LaunchBroken broken =
                catchThrowableOfType(LaunchBroken.class, () -> launch(real, plan, killer, HandshakeTest::never, LONG));
        assertThat(broken.how()).isEqualTo(How.DIED);
        assertThat(broken.last()).isEqualTo(wait == LaunchPlan.Flag.MAP_BY_JVM ? "idmap" : "network");
        assertThat(broken.rawStatus()).isEqualTo(9);
    }

    /** What the JVM's part fails with ends the launch, and is told as it is. */
    @Test
    void aPartOfTheJvmsThatFailsEndsTheLaunch() {
        Namespacing.assumeHas(Feature.USER_NAMESPACE);
        LaunchPlan plan = plan(LaunchPlan.Flag.WAIT_NETWORK).namespaces(List.of("user", "pid"));
        LaunchRequest.Waits failing = new LaunchRequest.Waits() {
            @Override
            public void connect(int pid) {
                throw new IllegalArgumentException("no network for " + pid);
            }
        };
        assertThat(catchThrowableOfType(
                        IllegalArgumentException.class, () -> launch(real, plan, failing, HandshakeTest::never, LONG)))
                .hasMessageStartingWith("no network for ");
    }

    @ParameterizedTest
    @CsvSource({"true", "false"})
    void theRealLauncherIsKilledWhileItRests(boolean init) {
        Namespacing.assumeHas(Feature.USER_NAMESPACE);
        LaunchPlan plan = plan(LaunchPlan.Flag.WAIT_START).namespaces(List.of("user", "pid"));
        Launched rests = launch(real, plan, PROMPT, HandshakeTest::never, LONG);
        ProcessCalls.kill(init ? rests.pid() : rests.payload(), 9);
        // Either way init ends, and with it whatever it is the init of.
        PollCalls.poll(rests.pidfd().number(), PollCalls.POLLIN, (int) LONG.toMillis());
        LaunchBroken broken = catchThrowableOfType(
                LaunchBroken.class,
                () -> rests.rest().orElseThrow().resume(System.nanoTime() + LONG.toNanos(), HandshakeTest::never));
        rests.end();
        assertThat(broken.how()).isEqualTo(How.DIED);
        assertThat(broken.last()).isEqualTo("ready");
    }

    /** The time runs out at one instant of a launch with each kind of wait after the other. */
    @Test
    void aTimeThatIsUpWhileTheJvmDoesItsPartLeavesNothing() {
        Namespacing.assumeHas(Feature.USER_NAMESPACE);
        LaunchPlan plan = plan(LaunchPlan.Flag.WAIT_NETWORK, LaunchPlan.Flag.MAP_BY_JVM, LaunchPlan.Flag.WAIT_START)
                .namespaces(List.of("user", "pid", "mnt"));
        assertEachInstantLeavesNothing(
                20_000,
                time -> launch(real, plan, PROMPT, HandshakeTest::never, time).end());
    }

    /** As on a busy machine: whoever gives the launch up has gone on by then, and what stage0 cloned may not be known. */
    @Test
    void whatDiesTooLateForItsCallerIsReapedWithWhatItCloned() {
        Namespacing.assumeHas(Feature.USER_NAMESPACE);
        LaunchPlan plan = plan(LaunchPlan.Flag.WAIT_NETWORK, LaunchPlan.Flag.MAP_BY_JVM, LaunchPlan.Flag.WAIT_START)
                .namespaces(List.of("user", "pid", "mnt"));
        assertEachInstantLeavesNothing(
                20_000,
                time -> launch(real, plan, PROMPT, HandshakeTest::never, time, HASTY)
                        .end());
    }

    /** The time runs out at one instant after the other while two processes set the container up. */
    @Test
    void aTimeThatIsUpDuringTheMountsLeavesNothing() {
        Namespacing.assumeHas(Feature.USER_NAMESPACE);
        LaunchPlan plan = plan(LaunchPlan.Flag.NEW_ROOT, LaunchPlan.Flag.LOOPBACK)
                .namespaces(List.of("user", "pid", "net", "mnt"));
        assertEachInstantLeavesNothing(20_000, time -> {
            try {
                launch(real, plan, PROMPT, HandshakeTest::never, time).end();
            } catch (StepFailed nothingInTheRoot) {
                assertThat(nothingInTheRoot.step()).isEqualTo(Step.EXEC);
            }
        });
    }

    /** The cloned process is in stage0's process group until it makes a session of its own. */
    private static int leaderOf(int pid) {
        try {
            String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
            return Integer.parseInt(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)[2]);
        } catch (IOException gone) {
            throw new UncheckedIOException(gone);
        }
    }
}
