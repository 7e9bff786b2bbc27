package dev.corral.cgroups;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.throwable;
import static org.awaitility.Awaitility.await;

import dev.corral.internal.linux.LibC;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What systemd's programs are asked, and what is made of their answers; programs of this test stand in for them. */
class ScopeTest {
    private static final String BUS = LibC.effectiveUser() == 0 ? "--system" : "--user";

    @TempDir
    Path root;

    private Path proc = Path.of("/");
    private Path tree = Path.of("/");
    private ScopeRequest request = ScopeRequest.named("builds");

    @BeforeEach
    void aUnifiedHost() throws IOException {
        proc = root.resolve("proc");
        Files.createDirectories(proc.resolve("self"));
        tree = Files.createDirectories(root.resolve("sys/fs/cgroup"));
        Files.writeString(proc.resolve("self/mountinfo"), "30 1 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n");
        group("user.slice/session-3.scope");
        Files.writeString(proc.resolve("self/cgroup"), "0::/user.slice/session-3.scope\n");
        Files.createDirectories(root.resolve("bin"));
        Files.createDirectories(root.resolve("run/systemd/system"));
        request = request.path(List.of(root.resolve("bin")))
                .runtime(root.resolve("run"))
                .patience(Duration.ofSeconds(30));
    }

    @Test
    void theBusIsAskedToMoveThisProcess() throws Exception {
        program("busctl", movesThisProcess() + "echo 'o \"/org/freedesktop/systemd1/job/2219\"'");

        try (DelegatedScope scope = host().obtain(request)) {
            assertThat(arguments("busctl"))
                    .containsExactly(
                            BUS,
                            "call",
                            "org.freedesktop.systemd1",
                            "/org/freedesktop/systemd1",
                            "org.freedesktop.systemd1.Manager",
                            "StartTransientUnit",
                            "ssa(sv)a(sa(sv))",
                            "builds.scope",
                            "fail",
                            "3",
                            "PIDs",
                            "au",
                            "1",
                            Long.toString(ProcessHandle.current().pid()),
                            "Delegate",
                            "b",
                            "true",
                            "CollectMode",
                            "s",
                            "inactive-or-failed",
                            "0");
            assertThat(scope.path()).isEqualTo(tree.resolve("app.slice/builds.scope"));
            assertThat(scope.unit()).isEqualTo("builds.scope");
            assertThat(scope.holdsThisProcess()).isTrue();
            assertThat(scope.cgroups().delegated().ok()).isTrue();
            assertThat(scope.path().resolve("supervisor")).isDirectory();
        }
    }

    @Test
    void aSliceIsOneMoreProperty() throws Exception {
        program("busctl", movesThisProcess());

        host().obtain(request.slice("batch-nightly.slice")).close();

        assertThat(arguments("busctl"))
                .contains("4", "Slice", "batch-nightly.slice")
                .endsWith("s", "batch-nightly.slice", "0");
    }

    @Test
    void withoutTheBusAHelperHoldsTheScopeOpen() throws Exception {
        program("systemd-run", moves("$$") + "exec cat");

        ProcessHandle helper;
        try (DelegatedScope scope = host().obtain(request.slice("batch.slice"))) {
            assertThat(arguments("systemd-run"))
                    .containsExactly(
                            BUS,
                            "--scope",
                            "--quiet",
                            "--collect",
                            "--unit=builds.scope",
                            "-p",
                            "Delegate=yes",
                            "--slice=batch.slice",
                            "--",
                            "cat");
            assertThat(scope.holdsThisProcess()).isFalse();
            assertThat(scope.path()).isEqualTo(tree.resolve("app.slice/builds.scope"));
            helper = ProcessHandle.of(Long.parseLong(
                            Files.readString(root.resolve("helper")).strip()))
                    .orElseThrow();
            assertThat(helper.isAlive()).isTrue();
        }
        await().until(() -> !helper.isAlive());
    }

    @Test
    void aRefusalOfTheBusIsFollowedByTheOtherWay() throws Exception {
        program("busctl", "echo 'Call failed: Interactive authentication required.' >&2; exit 1");
        program("systemd-run", moves("$$") + "exec cat");

        try (DelegatedScope scope = host().obtain(request)) {
            assertThat(scope.holdsThisProcess()).isFalse();
        }
    }

    @Test
    void allThatWasTriedIsTold() {
        program("busctl", "echo 'Call failed: Unit builds.scope was already loaded.' >&2; exit 1");
        program("systemd-run", "echo 'Failed to connect to bus: No medium found' >&2; exit 1");

        assertThatThrownBy(() -> host().obtain(request))
                .hasMessageStartingWith("cannot obtain builds.scope: busctl exited 1 in ")
                .hasMessageContaining("Unit builds.scope was already loaded.; systemd-run exited 1 in ")
                .hasMessageContaining(
                        "Failed to connect to bus: No medium found; to get a delegation, run the program as")
                .asInstanceOf(throwable(NoScope.class))
                .satisfies(e -> assertThat(e.hint().orElseThrow())
                        .isEqualTo(Delegation.ways(LibC.effectiveUser()))
                        .contains("Delegate=yes", "systemd-run", "--scope -p Delegate=yes", "make a group"));
    }

    @Test
    void aProcessThatIsNeverMovedIsWaitedForNoLongerThanAsked() {
        program("busctl", "echo 'o \"/org/freedesktop/systemd1/job/7\"'");

        assertThatThrownBy(() -> host().obtain(request.patience(Duration.ofSeconds(2))))
                .isInstanceOf(NoScope.class)
                .hasMessageContaining("busctl asked for it, and this process was not in it after PT2S")
                .hasMessageContaining("there is no systemd-run in [" + root.resolve("bin") + "]");
    }

    @Test
    void aHelperThatIsNeverMovedIsEnded() throws Exception {
        program("systemd-run", "echo $$ > '" + root + "/helper'; exec cat");

        assertThatThrownBy(() -> host().obtain(request.patience(Duration.ofSeconds(2))))
                .isInstanceOf(NoScope.class)
                .hasMessageContaining("its helper was not in it");
        ProcessHandle.of(Long.parseLong(Files.readString(root.resolve("helper")).strip()))
                .ifPresent(helper -> await().until(() -> !helper.isAlive()));
    }

    @Test
    void whereSystemdDoesNotRunNothingIsTried() throws Exception {
        program("busctl", "exit 0");
        Files.delete(root.resolve("run/systemd/system"));

        assertThatThrownBy(() -> host().obtain(request))
                .isInstanceOf(NoScope.class)
                .hasMessageContaining("systemd does not run this machine");
        assertThat(root.resolve("busctl.arguments")).doesNotExist();
    }

    @Test
    void withoutItsProgramsThatIsSaid() {
        assertThatThrownBy(() -> host().obtain(request))
                .isInstanceOf(NoScope.class)
                .hasMessageContaining("there is no busctl in [")
                .hasMessageContaining("there is no systemd-run in [");
    }

    @Test
    void withoutATreeOfVersion2ThereIsNothingToDelegate() {
        Cgroups legacy = new FakeKernel("3.10-rhel7").boot();

        assertThatThrownBy(() -> legacy.obtain(request))
                .isInstanceOf(NoScope.class)
                .hasMessageContaining("no cgroup2 tree is visible here");
    }

    @Test
    void aNameThatSystemdWouldNotTakeIsRefused() {
        for (String name : List.of("", "a/b", "-a", "a b", "ü", "x".repeat(201))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> ScopeRequest.named(name))
                    .withMessageContaining("scope name \"" + name + "\"");
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ScopeRequest.named("a").slice("a b"));
    }

    private Cgroups host() {
        return Cgroups.detect(proc, root.resolve("sys"));
    }

    /** What systemd does: the scope is made, and the process is in it. */
    private String moves(String pid) {
        String scope = tree + "/app.slice/builds.scope";
        return "mkdir -p '" + scope + "' '" + proc + "'/" + pid + "; echo " + pid + " > '" + root + "/helper'; "
                + "for f in cgroup.procs cgroup.controllers cgroup.subtree_control cgroup.type; do : > '" + scope
                + "'/$f; done; echo 0::/app.slice/builds.scope > '" + proc + "'/" + pid + "/cgroup; ";
    }

    /** The process that asks is this one, of which /proc/self tells too. */
    private String movesThisProcess() {
        return "echo 0::/app.slice/builds.scope > '" + proc + "/self/cgroup'; " + moves("${14}");
    }

    private void program(String name, String script) {
        try {
            Path file = Files.writeString(
                    root.resolve("bin").resolve(name),
                    "#!/bin/sh\nprintf '%s\\n' \"$@\" > '" + root + "/" + name + ".arguments'\n" + script + "\n");
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private List<String> arguments(String name) throws IOException {
        return new ArrayList<>(Files.readAllLines(root.resolve(name + ".arguments")));
    }

    private void group(String path) throws IOException {
        Path directory = Files.createDirectories(tree.resolve(path));
        for (String file : List.of("cgroup.procs", "cgroup.controllers", "cgroup.subtree_control", "cgroup.type")) {
            Files.writeString(directory.resolve(file), "");
        }
    }
}
