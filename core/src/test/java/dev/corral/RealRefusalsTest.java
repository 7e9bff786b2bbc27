package dev.corral;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.corral.internal.launch.Launcher;
import dev.corral.internal.linux.Fd;
import dev.corral.internal.linux.LibC;
import dev.corral.testing.CProgram;
import dev.corral.testing.ForkedJvm;
import dev.corral.testing.Leftovers;
import dev.corral.testing.Namespacing;
import dev.corral.testing.OldKernel;
import dev.corral.testing.Privilege;
import dev.corral.testing.Shim;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Refusals that this kernel is brought to, with the sentence that each is told by: docs/errors.md lists them. */
class RealRefusalsTest {
    @TempDir
    Path directory;

    private Leftovers before = Leftovers.before();

    @BeforeEach
    void openTheDirectoryToEveryone() throws Exception {
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        before = Leftovers.before();
    }

    /** Tries to start a command with new namespaces of the kinds that are its arguments, and tells how that went. */
    static final class Attempt {
        private Attempt() {}

        public static void main(String[] kinds) {
            try (Child child = Command.of("true")
                    .with(launch -> launch.namespaces(List.of(kinds)))
                    .start()) {
                System.out.println("started " + child);
            } catch (LaunchException refused) {
                System.out.println(refused.getClass().getSimpleName() + ": " + refused.getMessage());
            }
        }
    }

    /** What another JVM says that a shell starts as root of a user namespace of its own: the last two words are its line. */
    private static String inside(String unshare, String script, List<String> line) throws Exception {
        Namespacing.assumeHas(Feature.USER_NAMESPACE);
        List<String> all =
                new ArrayList<>(List.of("unshare", "--user", "--map-root-user", unshare, "sh", "-c", script));
        all.addAll(line);
        return ForkedJvm.run(new ProcessBuilder(all)).ok().output();
    }

    private <E extends LaunchException> E refused(Class<E> type, Command command) {
        E refused = catchThrowableOfType(type, command::start);
        assertThat(refused).as("start of " + command).isNotNull();
        before.assertNothingIsLeft();
        return refused;
    }

    @Test
    void aJvmInAChroot() throws Exception {
        String script = "mount --rbind / " + directory + " && exec chroot " + directory + " \"$0\" \"$@\"";
        assertThat(inside("--mount", script, ForkedJvm.commandLine(Attempt.class, "user")))
                .isEqualTo(
                        "NamespaceDenied: can't start true: clone: EPERM on new namespaces [user]: no user namespace can"
                                + " be made from a chroot, or where a security module forbids it: start the JVM outside of it\n");
    }

    @Test
    void aLimitOfNamespaces() throws Exception {
        assumeThat(Files.readString(Path.of("/proc/self/mountinfo")))
                .as("needs a /proc/sys that may be written to, which a container has not")
                .doesNotContain(" /proc/sys ro");
        String script = "echo 0 > /proc/sys/user/max_net_namespaces && exec \"$0\" \"$@\"";
        assertThat(inside("--uts", script, ForkedJvm.commandLine(Attempt.class, "user", "net")))
                .isEqualTo("NamespaceDenied: can't start true: clone: ENOSPC on new namespaces [user, net]: a limit of"
                        + " namespaces is reached (user.max_net_namespaces=0, or that of an outer user namespace): raise"
                        + " it; they nest 32 deep at most\n");
    }

    @Test
    void namespacesThatAreNestedTooDeeply() throws Exception {
        Namespacing.assumeHas(Feature.USER_NAMESPACE);
        Path script = Files.writeString(
                directory.resolve("nest"),
                "if unshare --user --map-root-user true 2>/dev/null\n"
                        + "then exec unshare --user --map-root-user sh " + directory.resolve("nest") + " \"$@\"\n"
                        + "else exec \"$@\"\n"
                        + "fi\n");
        List<String> line = new ArrayList<>(List.of("sh", script.toString()));
        line.addAll(ForkedJvm.commandLine(Attempt.class, "user"));
        assertThat(ForkedJvm.run(new ProcessBuilder(line)).ok().output())
                .startsWith(
                        "NamespaceDenied: can't start true: clone: ENOSPC on new namespaces [user]: a limit of namespaces")
                .endsWith("they nest 32 deep at most\n");
    }

    @Test
    void aGroupThatHoldsNoMoreProcesses() throws Exception {
        Path group = group("pids");
        try {
            Files.writeString(group.resolve("pids.max"), "1");
            SetUpFailed refused = refused(SetUpFailed.class, Command.of("true").with(launch -> launch.cgroupV1(group)));
            assertThat(refused)
                    .hasMessage("can't start true: clone: EAGAIN on a new process: a limit of processes is reached:"
                            + " pids.max of the group or RLIMIT_NPROC");
        } finally {
            Files.delete(group);
        }
    }

    private static Path group(String controller) throws Exception {
        Path tree = Path.of("/sys/fs/cgroup", controller);
        assumeThat(Files.isWritable(tree) && Files.exists(tree.resolve("cgroup.procs")))
                .as("needs the cgroup version 1 hierarchy of " + controller + ", and leave to write there")
                .isTrue();
        return Files.createDirectory(
                tree.resolve("corral-errors-" + ProcessHandle.current().pid() + "-" + System.nanoTime()));
    }

    @Test
    void aUserWhoMayHaveNoMoreProcesses() throws Exception {
        Privilege.SYS_ADMIN.assumeNotForTheHost(); // root has no such limit
        Path real = directory.resolve("corral-launcher");
        Shim.unpackLauncher(real);
        Path limited = CProgram.compile(
                directory,
                "limited",
                "#include <sys/resource.h>\n#include <unistd.h>\n"
                        + "int main(int count, char **words, char **variables)\n{\n"
                        + "\tstruct rlimit one = { 1, 1 };\n"
                        + "\tsetrlimit(RLIMIT_NPROC, &one);\n"
                        + "\treturn execve(\"" + real + "\", words, variables);\n}\n");
        SetUpFailed refused =
                catchThrowableOfType(SetUpFailed.class, () -> Start.of(Command.of("true"), Launcher.at(limited)));
        assertThat(refused)
                .hasMessage("can't start true: clone: EAGAIN on a new process: a limit of processes is reached:"
                        + " pids.max of the group or RLIMIT_NPROC");
    }

    @Test
    void aPidNamespaceWhoseInitIsDead() throws Exception {
        Child host = Command.of("cat").with(Namespacing.all()).start();
        Path links = Path.of("/proc/" + host.payloadPid() + "/ns");
        try (Fd user = new Fd(LibC.open(links.resolve("user"), LibC.O_RDONLY));
                Fd pid = new Fd(LibC.open(links.resolve("pid"), LibC.O_RDONLY))) {
            host.close();
            Command late = Command.of("true")
                    .with(launch -> launch.join("user", Path.of("/proc/self/fd/" + user.number()))
                            .join("pid", Path.of("/proc/self/fd/" + pid.number())));
            LaunchException refused = catchThrowableOfType(LaunchException.class, late::start);
            assertThat(refused)
                    .hasMessage(
                            "can't start true: clone: ENOMEM on a new process: the init of the pid namespace that it"
                                    + " joins is dead");
        } finally {
            host.close();
        }
        before.assertNothingIsLeft();
    }

    /** Binds the whole tree without what is mounted below, which an outer user namespace locks. */
    static final class Uncovering {
        private Uncovering() {}

        public static void main(String[] arguments) {
            Command command = Command.of("true").with(uncovering(Path.of(arguments[0])));
            try (Child child = command.start()) {
                System.out.println("started " + child);
            } catch (MountFailed refused) {
                System.out.println(refused.getMessage());
            }
        }
    }

    private static Confinement uncovering(Path target) {
        return Namespacing.user().and(launch -> {
            launch.namespaces(List.of("mnt"));
            launch.root().bind(Path.of("/"), target, Set.of(MountFlag.ALONE));
        });
    }

    @Test
    void whatIsMountedBelowIsLockedByAnOuterContainer() throws Exception {
        String told =
                inside("--mount", "exec \"$0\" \"$@\"", ForkedJvm.commandLine(Uncovering.class, directory.toString()));
        assertThat(told)
                .isEqualTo("can't start true: mounts.detach: EINVAL on bind " + directory
                        + ": what is mounted below is"
                        + " locked by an outer user namespace: bind it with all that is below (not ALONE)\n");
    }

    @Test
    void whatIsMountedBelowIsLockedForAnOrdinaryUser() {
        Privilege.SYS_ADMIN.assumeNotHere(); // who has it binds in the host's own tree
        MountFailed refused = refused(MountFailed.class, Command.of("true").with(uncovering(directory)));
        assertThat(refused)
                .hasMessage("can't start true: mount: EINVAL on bind " + directory + ": what is mounted below is"
                        + " locked by an outer user namespace: bind it with all that is below (not ALONE)");
    }

    /** Root binds what it has opened, so it has to be kept from that: the other way finds it again by its path. */
    @Test
    void aSourceThatIsReplacedMeanwhile() throws Exception {
        Launcher launcher = OldKernel.TREES_ENOSYS.launcher(Start::of);
        Path source = Files.createDirectory(directory.resolve("source"));
        Path target = Files.createDirectory(directory.resolve("target"));
        Command command = Command.of("true")
                .with(Namespacing.all(false))
                .with(launch -> launch.attachNetwork(pid -> {
                            Files.delete(source);
                            Files.createFile(directory.resolve("taken")); // its number is not used again
                            Files.createDirectory(source);
                            return () -> {};
                        })
                        .root()
                        .bind(source, target, Set.of()));
        before = Leftovers.before();
        MountFailed refused = catchThrowableOfType(MountFailed.class, () -> Start.of(command, launcher));
        assertThat(refused)
                .hasMessage("can't start " + command + ": mount: ESTALE on bind " + target + " (" + source
                        + "): its source was replaced between the check and the mount: start it again when nobody"
                        + " changes it");
        before.assertNothingIsLeft();
    }

    /** What overlayfs takes by its name would be read and written elsewhere, and there is no other way for it. */
    @ParameterizedTest
    @CsvSource({"0", "1", "2"})
    void aDirectoryOfAnOverlayThatIsReplacedMeanwhile(int which) throws Exception {
        List<Path> layers = new ArrayList<>();
        for (String name : List.of("lower", "upper", "work")) {
            layers.add(Files.createDirectory(directory.resolve(name)));
        }
        Path secret = Files.createDirectory(directory.resolve("secret"));
        for (Path path : List.of(layers.get(0), layers.get(1), layers.get(2), secret)) {
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxrwxrwx"));
        }
        Path replaced = layers.get(which);
        Command command = Command.of("touch", "/mnt/stolen")
                .with(Namespacing.all(false))
                .with(launch -> launch.attachNetwork(pid -> {
                            Files.delete(replaced);
                            Files.createSymbolicLink(replaced, secret);
                            return () -> {};
                        })
                        .root()
                        .overlay(
                                Path.of("/mnt"),
                                List.of(layers.get(0)),
                                Optional.of(layers.get(1)),
                                Optional.of(layers.get(2))));
        before = Leftovers.before();
        MountFailed refused = catchThrowableOfType(MountFailed.class, command::start);
        assertThat(refused)
                .hasMessageContaining("mount: ESTALE on layer /mnt (" + replaced + ")")
                .hasMessageContaining("replaced between the check and the mount");
        assertThat(secret).isEmptyDirectory();
        before.assertNothingIsLeft();
    }

    @Test
    void aProgramWhoseLoaderIsMissing() throws Exception {
        Path program = CProgram.compile(
                directory, "loaderless", "int main(void) { return 0; }\n", "-Wl,--dynamic-linker=/no/such/ld.so");
        assertThat(refused(ExecFailed.class, Command.of(program.toString())))
                .hasMessage("can't start " + program + ": exec: ENOENT on " + program + ": " + program
                        + " exists, but the dynamic loader that it needs does not: /no/such/ld.so");
    }

    @Test
    void aScriptWhoseInterpreterHasNoLoader() throws Exception {
        Path interpreter = CProgram.compile(
                directory, "loaderless", "int main(void) { return 0; }\n", "-Wl,--dynamic-linker=/no/such/ld.so");
        Path script = file("script", "#!" + interpreter + " -x\n", "rwxr-xr-x");
        assertThat(refused(ExecFailed.class, Command.of(script.toString())))
                .hasMessageEndingWith(
                        interpreter + " exists, but the dynamic loader that it needs does not: /no/such/ld.so");
    }

    private Path file(String name, String content, String mode) throws Exception {
        Path file = Files.writeString(directory.resolve(name), content);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
    }

    /** What the JVM has under that path is not what the child has. */
    @Test
    void aProgramThatOnlyTheHostHas() {
        Command command = Command.of("/bin/sh")
                .with(Namespacing.all(false))
                .with(launch -> launch.root().empty());
        assertThat(refused(ExecFailed.class, command))
                .hasMessageEndingWith("there is no such program; looked for /bin/sh");
        Command loaderless = Command.of("/sh")
                .with(Namespacing.all(false))
                .with(launch -> launch.root().empty().bind(Path.of("/bin/sh"), Path.of("/sh"), Set.of()));
        assertThat(refused(ExecFailed.class, loaderless))
                .hasMessageContaining("/sh exists, but the dynamic loader that it needs does not: /lib");
    }

    @Test
    void aMountWithoutExecution() throws Exception {
        Path program = Files.copy(Path.of("/bin/true"), directory.resolve("program"));
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        Command command = Command.of(program.toString())
                .with(Namespacing.all(false))
                .with(launch -> launch.root().bind(directory, directory, Set.of(MountFlag.NOEXEC)));
        assertThat(refused(ExecFailed.class, command))
                .hasMessage("can't start " + command + ": exec: EACCES on " + program
                        + ": it lies on a mount with noexec: copy it elsewhere, or mount that without");
    }

    @Test
    void anInterpreterThatMayNotBeExecuted() throws Exception {
        Path interpreter = file("plain", "no program", "rw-r--r--");
        Path script = file("script", "#!" + interpreter + "\n", "rwxr-xr-x");
        assertThat(refused(ExecFailed.class, Command.of(script.toString())))
                .hasMessageEndingWith("EACCES on " + script + ": its interpreter " + interpreter
                        + " has no execute permission (chmod +x)");
    }

    @Test
    void aProgramForAnotherMachine() throws Exception {
        byte[] program = Files.readAllBytes(Path.of("/bin/true"));
        program[18] = 22; // s390x, but in the other order of bytes: no emulator takes that for its own
        program[19] = 0;
        Path foreign = Files.write(directory.resolve("foreign"), program);
        Files.setPosixFilePermissions(foreign, PosixFilePermissions.fromString("rwxr-xr-x"));
        assertThat(refused(ExecFailed.class, Command.of(foreign.toString())))
                .hasMessage("can't start " + foreign + ": exec: ENOEXEC on " + foreign
                        + ": it is a program for s390x, which this machine is not");
    }

    /** Through the /proc of the host, and a process with another root, whom it may look into. */
    @Test
    void aWorkingDirectoryOutsideOfTheRoot() {
        try (Child other = Command.of("cat")
                .with(Namespacing.user().and(launch -> launch.namespaces(List.of("mnt"))))
                .start()) {
            before = Leftovers.before();
            Path outside = Path.of("/proc/" + other.payloadPid() + "/root");
            Command command = Command.of("true")
                    .directory(outside)
                    .with(launch -> launch.join(List.of("user"), other.payloadPid())
                            .namespaces(List.of("mnt"))
                            .root()
                            .empty()
                            .bind(Path.of("/proc"), Path.of("/proc"), Set.of()));
            assertThat(refused(ExecFailed.class, command))
                    .hasMessage("can't start true: cwd.verify: ENOENT on " + outside
                            + ": the working directory lies outside of the root: give one that is inside");
        }
    }

    @Test
    void aGroupThatDistributesControllers() throws Exception {
        Path tree = List.of("/sys/fs/cgroup", "/sys/fs/cgroup/unified").stream()
                .map(Path::of)
                .filter(path -> Files.exists(path.resolve("cgroup.controllers")) && Files.isWritable(path))
                .findFirst()
                .orElse(Path.of("/none"));
        assumeThat(tree).as("needs a cgroup2 tree that it may write to").exists();
        String controller =
                Files.readString(tree.resolve("cgroup.controllers")).strip().split(" ", 2)[0];
        assumeThat(controller).as("needs a controller of version 2").isNotEmpty();
        Path group = tree.resolve("corral-errors-" + ProcessHandle.current().pid());
        String before = Files.readString(tree.resolve("cgroup.subtree_control"));
        if (!List.of(before.strip().split(" ", -1)).contains(controller)) {
            Files.writeString(tree.resolve("cgroup.subtree_control"), "+" + controller);
        }
        Files.createDirectory(group);
        try {
            Files.writeString(group.resolve("cgroup.subtree_control"), "+" + controller);
            CgroupJoinFailed refused =
                    refused(CgroupJoinFailed.class, Command.of("true").with(launch -> launch.cgroupV2(group)));
            assertThat(refused)
                    .hasMessageEndingWith(": EBUSY on " + group + ": the group distributes controllers to its children"
                            + " and can't hold processes: choose one without children");
        } finally {
            Files.delete(group);
            if (!List.of(before.strip().split(" ", -1)).contains(controller)) {
                Files.writeString(tree.resolve("cgroup.subtree_control"), "-" + controller);
            }
        }
    }

    @Test
    void aGroupThatIsNotDelegated() {
        Privilege.SYS_ADMIN.assumeNotForTheHost(); // all groups are root's
        Path tree = List.of("/sys/fs/cgroup/memory", "/sys/fs/cgroup").stream()
                .map(Path::of)
                .filter(path -> Files.exists(path.resolve("cgroup.procs")))
                .findFirst()
                .orElse(Path.of("/none"));
        assumeThat(tree).as("needs control groups").exists();
        assertThat(refused(CgroupJoinFailed.class, Command.of("true").with(launch -> launch.cgroupV1(tree))))
                .hasMessage("can't start true: cgroup.join: EACCES on " + tree
                        + "/cgroup.procs: the group is not delegated to uid " + LibC.effectiveUser()
                        + ": have its owner give it, or use a delegated one (systemd: Delegate=yes)");
    }

    @Test
    void aGroupThatIsNotThere() {
        Path group = Path.of("/sys/fs/cgroup/no-such-group");
        for (Command command : List.of(
                Command.of("true").with(launch -> launch.cgroupV1(group)),
                Command.of("true").with(launch -> launch.cgroupV2(group)))) {
            CgroupJoinFailed refused = refused(CgroupJoinFailed.class, command);
            assertThat(refused)
                    .hasMessageContaining(": ENOENT")
                    .hasMessageEndingWith("the group has been removed: make it again");
            assertThat(refused.failure().orElseThrow().step()).isEqualTo("cgroup.join");
            assertThat(refused.failure().orElseThrow().subject()).startsWith(group.toString());
        }
    }

    @Test
    void aMemoryLimitThatIsTooLow() throws Exception {
        Path group = group("memory");
        try {
            Files.writeString(group.resolve("memory.limit_in_bytes"), "4096");
            SetUpFailed refused = refused(SetUpFailed.class, Command.of("true").with(launch -> launch.cgroupV1(group)));
            assertThat(refused)
                    .hasMessageMatching("can't start true: the set-up .* after [a-z.]+: the memory limit is too low to"
                            + " start anything: memory.limit_in_bytes of " + group + " is 4096 bytes; raise it");
        } finally {
            Files.delete(group);
        }
    }

    /** A filter for a program that may gain privileges, by a root that may not do that. */
    static final class Filtering {
        private Filtering() {}

        public static void main(String[] arguments) {
            byte[] allow = {6, 0, 0, 0, 0, 0, (byte) 0xff, 0x7f};
            try (Child child = Command.of("true")
                    .with(launch -> launch.seccomp(allow).allowNewPrivileges())
                    .start()) {
                System.out.println("started " + child);
            } catch (PrivilegeFailed refused) {
                System.out.println(refused.getMessage());
            }
        }
    }

    @Test
    void aFilterWithNewPrivilegesAndWithoutCapability() throws Exception {
        Privilege.assumeNewOnesAreAllowed();
        List<String> line = new ArrayList<>();
        if (Privilege.SYS_ADMIN.isHere()) {
            line.addAll(List.of("setpriv", "--bounding-set=-sys_admin"));
        }
        line.addAll(ForkedJvm.commandLine(Filtering.class));
        assertThat(ForkedJvm.run(new ProcessBuilder(line)).ok().output())
                .isEqualTo(
                        "can't start true: seccomp: EACCES: a filter without no_new_privs takes CAP_SYS_ADMIN: leave out"
                                + " allowNewPrivileges()\n");
    }
}
