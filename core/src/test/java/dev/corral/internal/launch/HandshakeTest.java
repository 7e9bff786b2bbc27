package dev.corral.internal.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.corral.internal.launch.LaunchBroken.How;
import dev.corral.internal.linux.Fd;
import dev.corral.internal.linux.LibC;
import dev.corral.internal.linux.Poller;
import dev.corral.testing.CProgram;
import dev.corral.testing.Leftovers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
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

            static void tell(long pid)
            {
                say(MESSAGE_PID, pid, syscall(SYS_pidfd_open, pid, 0));
            }

            int main(void)
            {
                (void)say, (void)hear, (void)hang, (void)sibling, (void)tell;
                WRONG;
                return 0;
            }
            """;

    private static final LaunchPlan PLAN = new LaunchPlan(List.of("true"), List.of(), List.of("/bin/true"));
    private static final int INSTANTS = 300;
    private static final Duration SOON = Duration.ofMillis(150);
    private static final Duration LONG = Duration.ofSeconds(10);

    @TempDir
    Path directory;

    private static LauncherImage real = LauncherImage.of(new byte[0]);

    private Leftovers before = Leftovers.now();

    @BeforeAll
    static void loadTheLauncher() throws Exception {
        real = LauncherImage.load();
    }

    @BeforeEach
    void lookAround() {
        before = Leftovers.before();
    }

    @AfterEach
    void lookAgain() {
        before.assertNothingIsLeft();
    }

    private static Launched launch(LauncherImage image, Launcher.Pending<?> pending, Duration timeout) {
        try (Fd nothing = new Fd(LibC.open(Path.of("/dev/null"), LibC.O_RDWR))) {
            int number = nothing.number();
            LaunchRequest request = new LaunchRequest(PLAN, List.of(number, number, number));
            Reaper reaper = new Reaper(new Poller("test"));
            return new Handshake(image, reaper, request, System.nanoTime() + timeout.toNanos(), pending).run();
        }
    }

    private LauncherImage liar(String wrong) throws Exception {
        Path program = CProgram.compile(directory, "liar", LIAR, "-DWRONG=" + wrong);
        LauncherImage image = LauncherImage.of(Files.readAllBytes(program));
        before = Leftovers.before();
        return image;
    }

    private LaunchBroken broken(String wrong, Duration timeout) throws Exception {
        LauncherImage image = liar(wrong);
        return catchThrowableOfType(LaunchBroken.class, () -> launch(image, new Launcher.Pending<>(), timeout));
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
        LaunchBroken broken = broken(wrong, LONG);
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
        assertThat(broken(wrong, LONG).how()).isEqualTo(How.GARBLED);
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
        LaunchBroken broken = broken(wrong, SOON);
        assertThat(broken.how()).isEqualTo(How.TIMED_OUT);
        assertThat(broken.last()).isEqualTo(last);
    }

    @Test
    void whoeverHangsIsEndedWhenTheCallerGivesUp() throws Exception {
        LauncherImage image = liar("hear(); long p = sibling(); if (!p) hang(); tell(p); hang()");
        Launcher.Pending<?> pending = new Launcher.Pending<>();
        pending.cancel();
        assertThat(catchThrowableOfType(LaunchBroken.class, () -> launch(image, pending, LONG)))
                .extracting(LaunchBroken::how)
                .isEqualTo(How.CANCELLED);
    }

    @Test
    void theFirstErrorCounts() throws Exception {
        LauncherImage image =
                liar("hear(); say(MESSAGE_ERROR, STEP_IDMAP, -1); say(MESSAGE_ERROR, STEP_GATE, -1); hang()");
        StepFailed failed = catchThrowableOfType(StepFailed.class, () -> launch(image, new Launcher.Pending<>(), LONG));
        assertThat(failed.step()).isEqualTo(Step.IDMAP);
    }

    @Test
    void anErrorAfterExecingIsStillAnError() throws Exception {
        LauncherImage image = liar("hear(); long p = sibling(); if (!p) hang(); tell(p); say(MESSAGE_EXECING, 0, -1); "
                + "say(MESSAGE_ERROR, STEP_EXEC, -1)");
        StepFailed failed = catchThrowableOfType(StepFailed.class, () -> launch(image, new Launcher.Pending<>(), LONG));
        assertThat(failed.step()).isEqualTo(Step.EXEC);
    }

    /** The time runs out at one instant of a real launch after the other. */
    @Test
    void aTimeThatIsUpLeavesNothingWheneverItIs() {
        int inTime = 0;
        int late = 0;
        for (int step = 0; step < INSTANTS; step++) {
            try {
                launch(real, new Launcher.Pending<>(), Duration.ofNanos(step * 15_000L))
                        .end();
                inTime++;
            } catch (LaunchBroken broken) {
                assertThat(broken.how()).isEqualTo(How.TIMED_OUT);
                late++;
            }
        }
        assertThat(inTime + late).isEqualTo(INSTANTS);
        assertThat(late).isPositive();
    }
}
