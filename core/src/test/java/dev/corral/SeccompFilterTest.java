package dev.corral;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.corral.internal.linux.Fd;
import dev.corral.internal.linux.PollCalls;
import dev.corral.testing.Leftovers;
import dev.corral.testing.Namespacing;
import dev.corral.testing.OneCallFilter;
import dev.corral.testing.Outputs;
import dev.corral.testing.Privilege;
import dev.corral.testing.Status;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Filters of a few instructions, assembled here by hand. */
class SeccompFilterTest {
    private static final int EPERM = 1;

    private static final boolean ARM = System.getProperty("os.arch", "").equals("aarch64");
    private static final int UNAME = ARM ? 160 : 63;
    private static final int EXECVE = ARM ? 221 : 59;

    private static final int TIMEOUT_MILLIS = 30_000;

    static Stream<Confinement> withAndWithoutInit() {
        return Namespacing.noneAndAll();
    }

    private static Confinement seccomp(int call, int action) {
        return launch -> launch.seccomp(OneCallFilter.of(call, action));
    }

    @ParameterizedTest
    @MethodSource("withAndWithoutInit")
    void aCallCanBeAnsweredWithAnError(Confinement confinement) throws Exception {
        Command uname = Command.of("uname").with(confinement);
        assertThat(Outputs.of(uname)).isEqualTo("Linux\n");
        assertThat(Outputs.of(uname.with(seccomp(UNAME, OneCallFilter.error(EPERM)))))
                .contains("Operation not permitted");
        Status status = Status.inside(confinement, seccomp(UNAME, OneCallFilter.error(EPERM)));
        assertThat(status.get("Seccomp")).isEqualTo("2");
        int own = Integer.parseInt(Status.of(ProcessHandle.current().pid()).get("Seccomp_filters"));
        assertThat(status.get("Seccomp_filters")).isEqualTo(Integer.toString(own + 1));
        assertThat(status.get("NoNewPrivs")).isEqualTo("1");
    }

    @ParameterizedTest
    @MethodSource("withAndWithoutInit")
    void aCallCanBeTheEnd(Confinement confinement) throws Exception {
        try (Child child = Command.of("uname")
                .with(confinement)
                .with(seccomp(UNAME, OneCallFilter.KILL))
                .start()) {
            assertThat(child.await().terminatedBy()).map(Signal::toString).contains("SIGSYS");
        }
    }

    @Test
    void withoutAFilterThereIsNone() throws Exception {
        assertThat(Status.inside().get("Seccomp"))
                .isEqualTo(Status.of(ProcessHandle.current().pid()).get("Seccomp"));
    }

    @Test
    void aFilterThatRefusesTheExecIsATypedError() {
        Leftovers before = Leftovers.before();
        ExecFailed failed = catchThrowableOfType(
                ExecFailed.class,
                () -> Command.of("/bin/true")
                        .with(seccomp(EXECVE, OneCallFilter.error(EPERM)))
                        .start());
        assertThat(failed.failure().orElseThrow().errnoName()).isEqualTo("EPERM");
        assertThat(failed).hasMessageContaining("/bin/true");
        before.assertNothingIsLeft();
    }

    @Test
    void aFilterThatKillsTheExecIsToldAsTheEnd() throws Exception {
        try (Child child =
                Command.of("true").with(seccomp(EXECVE, OneCallFilter.KILL)).start()) {
            assertThat(child.await().terminatedBy()).map(Signal::toString).contains("SIGSYS");
        }
    }

    @Test
    void aFilterThatTheKernelDoesNotTakeIsRefused() {
        byte[] endless = new byte[8];
        ByteBuffer.wrap(endless).order(ByteOrder.nativeOrder()).putShort((short) 0x20);
        PrivilegeFailed failed = catchThrowableOfType(
                PrivilegeFailed.class,
                () -> Command.of("true").with(launch -> launch.seccomp(endless)).start());
        assertThat(failed.failure().orElseThrow().step()).isEqualTo("seccomp");
        assertThat(failed.failure().orElseThrow().errnoName()).isEqualTo("EINVAL");
    }

    @Test
    void itIsInForceWithNewPrivilegesWhereTheKernelAllowsThat() throws Exception {
        Privilege.assumeNewOnesAreAllowed();
        Command command = Command.of("cat", "/proc/self/status")
                .with(Namespacing.all())
                .with(seccomp(UNAME, OneCallFilter.error(EPERM)))
                .allowNewPrivileges();
        Status status = Status.inside(command);
        assertThat(status.get("Seccomp")).isEqualTo("2");
        assertThat(status.get("NoNewPrivs")).isEqualTo("0");
    }

    @Test
    void rootMayFilterWithNewPrivilegesOnTheHost() throws Exception {
        Privilege.SYS_ADMIN.assumeHere();
        Namespacing.assumeMayBecome(4711);
        Command command = Command.of("uname")
                .with(Identity.of(4711, 4711))
                .with(seccomp(UNAME, OneCallFilter.error(EPERM)))
                .allowNewPrivileges();
        assertThat(Outputs.of(command)).contains("Operation not permitted");
    }

    @Test
    void anOrdinaryUserMayNotFilterWithNewPrivileges() throws Exception {
        Privilege.SYS_ADMIN.assumeNotHere();
        Privilege.assumeNewOnesAreAllowed();
        Command command = Command.of("true")
                .with(seccomp(UNAME, OneCallFilter.error(EPERM)))
                .allowNewPrivileges();
        PrivilegeFailed failed = catchThrowableOfType(PrivilegeFailed.class, command::start);
        assertThat(failed.failure().orElseThrow().step()).isEqualTo("seccomp");
        assertThat(failed.failure().orElseThrow().errnoName()).isEqualTo("EACCES");
    }

    /** Told of the listener, hears of the call that waits for it, and by leaving lets the kernel answer ENOSYS. */
    private static Launch.Listening leaveOnceAsked(CompletableFuture<String> asked) {
        return descriptor -> {
            Fd listener = new Fd(descriptor);
            Thread answering = new Thread(() -> {
                try {
                    String what = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor))
                            .toString();
                    boolean called = PollCalls.poll(descriptor, PollCalls.POLLIN, TIMEOUT_MILLIS) != 0;
                    asked.complete(what + (called ? " asked" : " not asked"));
                } catch (Exception failed) {
                    asked.completeExceptionally(failed);
                } finally {
                    listener.close();
                }
            });
            answering.start();
            return answering::join;
        };
    }

    @ParameterizedTest
    @MethodSource("withAndWithoutInit")
    void aFilterMayAskTheJvm(Confinement confinement) throws Exception {
        Leftovers before = Leftovers.before();
        CompletableFuture<String> asked = new CompletableFuture<>();
        Command command = Command.of("uname")
                .errorIntoOutput()
                .with(confinement)
                .with(launch -> launch.seccomp(OneCallFilter.of(UNAME, OneCallFilter.ASK), leaveOnceAsked(asked)));
        try (Child child = command.start()) {
            assertThat(Outputs.of(child)).contains("Function not implemented");
            assertThat(asked.get(TIMEOUT_MILLIS, TimeUnit.MILLISECONDS)).isEqualTo("anon_inode:seccomp notify asked");
        }
        before.assertNothingIsLeft();
    }

    @Test
    void whoRestsAsksOnceItIsStarted() throws Exception {
        CompletableFuture<String> asked = new CompletableFuture<>();
        Command command = Command.of("uname")
                .errorIntoOutput()
                .with(Namespacing.all())
                .with(launch -> launch.seccomp(OneCallFilter.of(UNAME, OneCallFilter.ASK), leaveOnceAsked(asked)));
        try (Child child = command.create()) {
            assertThat(asked).isNotDone();
            child.start();
            assertThat(Outputs.of(child)).contains("Function not implemented");
        }
    }

    @Test
    void badProgramsAreRefusedWhereTheyAreGiven() {
        assertThatThrownBy(() -> Command.of("true")
                        .with(launch -> launch.seccomp(new byte[9]))
                        .start())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("a seccomp program of 9 bytes");
        assertThatThrownBy(() -> Command.of("true")
                        .with(launch -> launch.seccomp(new byte[4097 * 8]))
                        .start())
                .hasMessageContaining("4097 instructions");
        assertThatThrownBy(() -> Command.of("true")
                        .with(seccomp(UNAME, OneCallFilter.ALLOW))
                        .with(seccomp(UNAME, OneCallFilter.KILL))
                        .start())
                .isInstanceOf(ImpossibleLaunch.class)
                .hasMessageContaining("two confinements give a seccomp filter");
    }
}
