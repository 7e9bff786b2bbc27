package dev.corral.privileges;

import static dev.corral.privileges.SeccompAction.allow;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.corral.internal.linux.Errno;
import dev.corral.internal.linux.ErrnoException;
import dev.corral.internal.linux.Fd;
import dev.corral.internal.linux.LibC;
import dev.corral.internal.linux.SeccompCalls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SeccompNotificationsTest {
    private static final long EIO = -Errno.EIO;
    private static final long ENOSYS = -Errno.ENOSYS;

    @TempDir
    Path directory;

    private Path program = Path.of("");

    @BeforeEach
    void compile() {
        program = Programs.build(directory, "asker");
    }

    private Asker asker(String... calls) {
        return Asker.start(
                program,
                Seccomp.allowByDefault()
                        .ask(call -> SeccompAnswer.proceed(), calls)
                        .launchable(Architecture.current()));
    }

    @Test
    void theHandlerSeesTheCallAndItsArguments() throws Exception {
        LinkedBlockingQueue<List<Object>> seen = new LinkedBlockingQueue<>();
        try (Asker asker = asker("mkdirat");
                SeccompNotifications served = SeccompNotifications.serve(asker.listener(), call -> {
                    seen.add(List.of(
                            call.name().orElse(""),
                            call.number(),
                            call.architecture().orElseThrow(),
                            call.thread(),
                            call.argument(0),
                            call.text(1).orElse(""),
                            call.argument(2),
                            call.isWaiting(),
                            call.instructionPointer() != 0));
                    return SeccompAnswer.value(0);
                })) {
            assertThat(asker.call("mkdirat", "n18446744073709551516", "s/no/such/place", "n493"))
                    .isZero();
            assertThat(seen.take())
                    .containsExactly(
                            "mkdirat",
                            Architecture.current().syscalls().number("mkdirat").orElseThrow(),
                            Architecture.current(),
                            asker.pid(),
                            -100L,
                            "/no/such/place",
                            0755L,
                            true,
                            true);
            assertThat(served.ended()).isNotDone();
        }
    }

    @Test
    void theAnswerIsWhatTheCallerGets() {
        List<SeccompAnswer> answers = new ArrayList<>(List.of(
                SeccompAnswer.value(4711),
                SeccompAnswer.errno("EACCES"),
                SeccompAnswer.proceed(),
                SeccompAnswer.value(1L << 40),
                SeccompAnswer.errno(4095)));
        Path made = directory.resolve("made");
        try (Asker asker = asker("mkdirat");
                SeccompNotifications served = SeccompNotifications.serve(asker.listener(), call -> answers.remove(0))) {
            String[] arguments = {"n0", "s" + made, "n448"};
            assertThat(asker.call("mkdirat", arguments)).isEqualTo(4711);
            assertThat(asker.call("mkdirat", arguments)).isEqualTo(-Errno.EACCES);
            assertThat(made).doesNotExist();
            assertThat(asker.call("mkdirat", arguments)).isZero();
            assertThat(made).isDirectory();
            assertThat(asker.call("mkdirat", arguments)).isEqualTo(1L << 40);
            assertThat(asker.call("mkdirat", arguments)).isEqualTo(-4095);
            assertThat(served.ended()).isNotDone();
        }
    }

    @Test
    void aHandlerThatFailsAnswersEioAndIsAskedAgain() {
        List<SeccompHandler> handlers = new ArrayList<>(List.of(
                call -> {
                    throw new IOException("on purpose");
                },
                call -> {
                    throw new AssertionError("on purpose");
                },
                SeccompNotificationsTest::noAnswer,
                call -> SeccompAnswer.value(1)));
        try (Asker asker = asker("getppid");
                SeccompNotifications served = SeccompNotifications.serve(
                        asker.listener(), call -> handlers.remove(0).answer(call))) {
            assertThat(List.of(asker.call("getppid"), asker.call("getppid"), asker.call("getppid")))
                    .containsOnly(EIO);
            assertThat(asker.call("getppid")).isEqualTo(1);
            assertThat(served.ended()).isNotDone();
        }
    }

    /** What a handler written without null checks may do. */
    @SuppressWarnings("NullAway")
    private static SeccompAnswer noAnswer(SeccompCall call) {
        return null;
    }

    @Test
    void itEndsWithTheLastAsker() throws Exception {
        Asker asker = asker("getppid");
        SeccompNotifications served = SeccompNotifications.serve(asker.listener(), call -> SeccompAnswer.value(7));
        assertThat(asker.call("getppid")).isEqualTo(7);
        asker.close();
        served.ended().get(30, TimeUnit.SECONDS);
        assertThat(served.ended()).isCompleted();
        nothingIsLeft();
        served.close();
    }

    @Test
    void whoAsksAfterTheEndIsAnsweredByTheKernel() {
        try (Asker asker = asker("getppid")) {
            SeccompNotifications served = SeccompNotifications.serve(asker.listener(), call -> SeccompAnswer.value(7));
            served.close();
            served.close();
            assertThat(served.ended()).isCompleted();
            assertThat(asker.call("getppid")).isEqualTo(ENOSYS);
        }
        nothingIsLeft();
    }

    @Test
    void closingInterruptsAHandlerAtWork() throws Exception {
        CountDownLatch working = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        try (Asker asker = asker("getppid")) {
            SeccompNotifications served = SeccompNotifications.serve(asker.listener(), call -> {
                working.countDown();
                never.await();
                return SeccompAnswer.value(7);
            });
            asker.ask("getppid");
            working.await();
            served.close();
            assertThat(served.ended()).isCompleted();
            assertThat(asker.answer()).isEqualTo(EIO);
        }
    }

    @Test
    void anAskerThatDiesWhileItWaitsDoesNotStopIt() throws Exception {
        CountDownLatch working = new CountDownLatch(1);
        CountDownLatch dead = new CountDownLatch(1);
        LinkedBlockingQueue<Boolean> waiting = new LinkedBlockingQueue<>();
        LinkedBlockingQueue<Optional<String>> read = new LinkedBlockingQueue<>();
        try (Asker asker = asker("chdir");
                SeccompNotifications served = SeccompNotifications.serve(asker.listener(), call -> {
                    working.countDown();
                    dead.await();
                    waiting.add(call.isWaiting());
                    read.add(call.text(0));
                    return SeccompAnswer.proceed();
                })) {
            asker.ask("chdir", "s/");
            working.await();
            asker.kill();
            Awaitility.await().until(() -> isGone(asker.pid()));
            dead.countDown();
            served.ended().get(30, TimeUnit.SECONDS);
            assertThat(waiting).containsExactly(false);
            assertThat(read).containsExactly(Optional.empty());
        }
    }

    /** Dead, reaped or not. */
    private static boolean isGone(int pid) throws IOException {
        Path status = Path.of("/proc/" + pid + "/stat");
        return !Files.exists(status) || Files.readString(status).contains(") Z ");
    }

    @Test
    void memoryThatIsNotThereIsNotRead() {
        LinkedBlockingQueue<Optional<?>> read = new LinkedBlockingQueue<>();
        try (Asker asker = asker("chdir");
                SeccompNotifications served = SeccompNotifications.serve(asker.listener(), call -> {
                    read.add(call.text(1));
                    read.add(call.text(2));
                    read.add(call.bytes(call.argument(0), 5).map(bytes -> new String(bytes, UTF_8)));
                    read.add(call.bytes(0, 0).map(bytes -> bytes.length));
                    assertThatIllegalArgumentException().isThrownBy(() -> call.bytes(0, -1));
                    return SeccompAnswer.value(0);
                })) {
            assertThat(asker.call("chdir", "s/a/b/c", "n4096", "n18446744073709551615"))
                    .isZero();
            assertThat(read).containsExactly(Optional.empty(), Optional.empty(), Optional.of("/a/b/"), Optional.of(0));
            assertThat(served.ended()).isNotDone();
        }
    }

    @Test
    void anotherDescriptorEndsItAloud() throws Exception {
        int[] pipe = LibC.pipe();
        try (Fd end = new Fd(pipe[1])) {
            SeccompNotifications served = SeccompNotifications.serve(pipe[0], call -> SeccompAnswer.proceed());
            LibC.writeAll(end.number(), new byte[] {1});
            assertThatExceptionOfType(ExecutionException.class)
                    .isThrownBy(() -> served.ended().get(30, TimeUnit.SECONDS))
                    .withCauseInstanceOf(ErrnoException.class)
                    .withMessageContaining("SECCOMP_IOCTL_NOTIF_RECV");
        }
        nothingIsLeft();
    }

    @Test
    void manyCallsAreAnsweredInTurn() {
        try (Asker asker = asker("getppid");
                SeccompNotifications served =
                        SeccompNotifications.serve(asker.listener(), call -> SeccompAnswer.value(call.argument(0)))) {
            for (int i = 0; i < 2000; i++) {
                assertThat(asker.call("getppid", "n" + i)).isEqualTo(i);
            }
            assertThat(served.ended()).isNotDone();
        }
    }

    @Test
    void sizesAreAtLeastWhatIsReadOfThem() {
        assertThat(SeccompCalls.sizes().notification()).isGreaterThanOrEqualTo(80);
        assertThat(SeccompCalls.sizes().response()).isGreaterThanOrEqualTo(24);
        assertThat(Seccomp.allowByDefault().compile().decide("getppid")).isEqualTo(allow());
    }

    private static void nothingIsLeft() {
        Awaitility.await()
                .until(() -> Thread.getAllStackTraces().keySet().stream()
                        .noneMatch(thread -> thread.getName().equals("corral-seccomp")));
    }
}
