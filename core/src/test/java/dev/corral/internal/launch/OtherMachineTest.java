package dev.corral.internal.launch;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.corral.internal.launch.LaunchPlan.Flag;
import dev.corral.internal.launch.LaunchPlan.Mount;
import dev.corral.internal.launch.LaunchPlan.MountKind;
import dev.corral.internal.launch.LaunchPlan.Text;
import dev.corral.testing.CProgram;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A full launch on a machine of the other architecture, which is emulated down to its kernel. */
class OtherMachineTest {
    private static final Path TOOLS = Path.of("src/test/c").toAbsolutePath();
    private static final int PATIENCE_SECONDS = 240;
    private static final int DIRECTORY = 0040755;
    private static final int PROGRAM = 0100755;

    @TempDir
    Path directory;

    private final ByteArrayOutputStream archive = new ByteArrayOutputStream();
    private int files;

    @Test
    @Timeout(PATIENCE_SECONDS + 60)
    void aFullLaunchRunsOnAarch64() throws Exception {
        String kernel = System.getProperty("corral.vm.kernel", "");
        assumeThat(kernel)
                .as(
                        "needs -Dcorral.vm.kernel=/boot/vmlinuz-... of Debian's linux-image-cloud-arm64, qemu-system-aarch64"
                                + " and aarch64-linux-gnu-gcc")
                .isNotEmpty();
        make("sh", CProgram.SOURCES.resolve("build.sh").toString(), directory.toString());
        for (String program : new String[] {"machine", "payload"}) {
            make(
                    "aarch64-linux-gnu-gcc",
                    "-static",
                    "-O1",
                    "-Wall",
                    "-Werror",
                    "-I" + CProgram.SOURCES,
                    "-o",
                    directory.resolve(program).toString(),
                    TOOLS.resolve(program + ".c").toString());
        }
        put("init", PROGRAM, Files.readAllBytes(directory.resolve("machine")));
        put("programs", DIRECTORY, new byte[0]);
        put("programs/payload", PROGRAM, Files.readAllBytes(directory.resolve("payload")));
        put("corral-launcher", PROGRAM, Files.readAllBytes(directory.resolve("linux-aarch64/corral-launcher")));
        put("content", PROGRAM, "content of a file\n".getBytes(UTF_8));
        put("plan", PROGRAM, plan().bytes());
        put("TRAILER!!!", 0, new byte[0]);
        Path initrd = Files.write(directory.resolve("initrd"), archive.toByteArray());

        assertThat(run(kernel, initrd))
                .contains("machine: aarch64")
                .containsSubsequence("said: PID", "said: TERMINAL", "said: READY", "said: EXECING")
                .contains("pid 2 uid 5 gid 6 in /tmp on inside at /dev/pts/0")
                .contains("CapBnd:\t0000000000000000")
                .contains("Seccomp:\t2")
                .contains("content of a file")
                .contains("/x: Read-only file system")
                .contains("/bin/x: Read-only file system")
                .contains("/tmp/x: opened")
                .contains("exit: 7")
                .contains("reaped: stage0 with 0")
                .contains("reaped: init with 7")
                .contains("all said");
    }

    private static LaunchPlan plan() {
        LaunchPlan plan = new LaunchPlan(List.of("payload"), List.of(), List.of("/bin/none", "/bin/payload"))
                .namespaces(List.of("user", "mnt", "pid", "net", "uts", "ipc", "cgroup"))
                .text(Text.USER_MAP, "0 100000 65536\n")
                .text(Text.GROUP_MAP, "0 100000 65536\n")
                .text(Text.HOST_NAME, "inside")
                .text(Text.DIRECTORY, "/tmp")
                .ids(5, 6, List.of(7L))
                .capabilities(0, 0, 0, 0, 0)
                .filter(new byte[] {6, 0, 0, 0, 0, 0, (byte) 0xff, 0x7f});
        List.of(Flag.LOOPBACK, Flag.NEW_ROOT, Flag.ROOT_READ_ONLY, Flag.TERMINAL, Flag.WAIT_START)
                .forEach(plan::flag);
        OptionalInt programs = OptionalInt.of(plan.descriptor(0));
        OptionalInt content = OptionalInt.of(plan.descriptor(0));
        return plan.mount(new Mount(MountKind.BIND, 1, "/bin", "/programs", "", programs, 0))
                .mount(plain(MountKind.PROC, "/proc", 0))
                .mount(plain(MountKind.DEV, "/dev", 0))
                .mount(plain(MountKind.SYSFS, "/sys", 0))
                .mount(plain(MountKind.TMPFS, "/tmp", 01777))
                .mount(new Mount(MountKind.FILE, 0, "/etc/file", "", "", content, 0444))
                .mount(plain(MountKind.MASK, "/proc/uptime", 0))
                .mount(plain(MountKind.READ_ONLY, "/proc/sys", 0));
    }

    private static Mount plain(MountKind kind, String target, int mode) {
        return new Mount(kind, 0, target, "", "", OptionalInt.empty(), mode);
    }

    private String run(String kernel, Path initrd) throws Exception {
        Path output = directory.resolve("output");
        Process machine = new ProcessBuilder(
                        "qemu-system-aarch64",
                        "-M",
                        "virt",
                        "-accel",
                        "tcg",
                        "-cpu",
                        "cortex-a72",
                        "-m",
                        "512",
                        "-nic",
                        "none",
                        "-nographic",
                        "-no-reboot",
                        "-kernel",
                        kernel,
                        "-initrd",
                        initrd.toString(),
                        "-append",
                        "console=ttyAMA0 quiet panic=-1")
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .redirectInput(Path.of("/dev/null").toFile())
                .start();
        if (!machine.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            machine.destroyForcibly().waitFor();
        }
        return Files.readString(output, US_ASCII);
    }

    private static void make(String... line) throws Exception {
        Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
    }

    /** One entry of a cpio archive as the kernel wants it. Source: driver-api/early-userspace/buffer-format. */
    private void put(String name, int mode, byte[] content) {
        StringBuilder head = new StringBuilder("070701");
        int[] fields = {++files, mode, 0, 0, 1, 0, content.length, 0, 0, 0, 0, name.length() + 1, 0};
        for (int field : fields) {
            head.append(String.format(Locale.ROOT, "%08x", field));
        }
        archive.writeBytes(head.append(name).append('\0').toString().getBytes(US_ASCII));
        pad();
        archive.writeBytes(content);
        pad();
    }

    private void pad() {
        while (archive.size() % 4 != 0) {
            archive.write(0);
        }
    }
}
