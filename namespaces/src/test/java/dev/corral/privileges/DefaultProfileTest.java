package dev.corral.privileges;

import static dev.corral.privileges.SeccompAction.allow;
import static dev.corral.privileges.SeccompAction.errno;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.corral.privileges.Programs.Finished;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DefaultProfileTest {
    private static final SeccompAction EPERM = errno("EPERM");
    private static final SeccompAction ENOSYS = errno("ENOSYS");
    private static final long SIGCHLD = 17;

    @TempDir
    Path directory;

    @ParameterizedTest
    @EnumSource
    void itForbidsWhatTheGuideSays(Architecture architecture) {
        SeccompProgram filter = Seccomp.defaultProfile().launchable(architecture);
        String denied =
                "mount umount2 pivot_root chroot move_mount open_tree open_tree_attr fsopen fsconfig fsmount fspick"
                        + " mount_setattr unshare setns bpf perf_event_open userfaultfd io_uring_setup io_uring_enter"
                        + " io_uring_register kexec_load kexec_file_load init_module finit_module delete_module reboot swapon"
                        + " swapoff acct quotactl quotactl_fd syslog settimeofday clock_settime clock_adjtime adjtimex add_key"
                        + " keyctl request_key open_by_handle_at ptrace process_vm_readv process_vm_writev kcmp";
        for (String call : denied.split(" ", -1)) {
            assertThat(filter.decide(call)).as(call).isEqualTo(EPERM);
        }
        assertThat(filter.decide("clone3")).isEqualTo(ENOSYS);
        assertThat(filter.decide(architecture, 500)).isEqualTo(ENOSYS);
        assertThat(filter.length()).isLessThan(400);
    }

    @ParameterizedTest
    @EnumSource
    void itLooksAtTheBitsThatTheKernelLooksAt(Architecture architecture) {
        SeccompProgram filter = Seccomp.defaultProfile().compile(architecture);
        for (long high : new long[] {0, 1L << 32, 0xffff_ffffL << 32}) {
            assertThat(filter.decide("ioctl", 0, high | 0x5412)).isEqualTo(EPERM);
            assertThat(filter.decide("ioctl", 0, high | 0x541c)).isEqualTo(EPERM);
            assertThat(filter.decide("ioctl", 0, high | 0x5413)).isEqualTo(allow());
            assertThat(filter.decide("socket", high | 40)).isEqualTo(EPERM);
            assertThat(filter.decide("socket", high | 2)).isEqualTo(allow());
            assertThat(filter.decide("personality", high | 0x4_0000)).isEqualTo(EPERM);
            assertThat(filter.decide("personality", high | 0xffff_ffffL)).isEqualTo(allow());
            assertThat(filter.decide("personality", high)).isEqualTo(allow());
        }
        for (int bit : new int[] {17, 25, 26, 27, 28, 29, 30}) {
            assertThat(filter.decide("clone", SIGCHLD | 1L << bit)).isEqualTo(EPERM);
        }
        assertThat(filter.decide("clone", SIGCHLD)).isEqualTo(allow());
        // What a thread is made with.
        assertThat(filter.decide("clone", 0x3d_0f00)).isEqualTo(allow());
    }

    @Test
    void itCanBeLoosened() {
        SeccompProgram filter = Seccomp.defaultProfile().allow("ptrace").compile();
        assertThat(filter.decide("ptrace")).isEqualTo(allow());
        assertThat(filter.decide("mount")).isEqualTo(EPERM);
    }

    private Finished confined(String... line) throws IOException {
        Path confine = Programs.build(directory, "confine");
        return Programs.confined(
                directory, confine, Seccomp.defaultProfile().launchable(Architecture.current()), List.of(line));
    }

    private void succeeds(String output, String... line) throws IOException {
        assumeThat(Programs.isInstalled(line[0]) || line[0].startsWith("/"))
                .as("needs " + line[0])
                .isTrue();
        Finished finished = confined(line);
        assertThat(finished.output()).contains(output);
        assertThat(finished.code()).as(finished.output()).isZero();
    }

    @Test
    void aShellDoesNotNotice() throws IOException {
        succeeds(
                "3\n2\n",
                "sh",
                "-c",
                "(echo 1; echo 2; echo 3) | sort -r | head -2; exec 3<>file; cp file copy; ls -l copy >&2");
    }

    @Test
    void pythonDoesNotNotice() throws IOException {
        Path script = Files.writeString(directory.resolve("all.py"), """
                import subprocess, threading, socket, tempfile, multiprocessing, os
                def double(x): return 2 * x
                if __name__ == '__main__':
                    server = socket.create_server(('127.0.0.1', 0))
                    def serve():
                        peer, _ = server.accept()
                        peer.sendall(b'hello')
                        peer.close()
                    thread = threading.Thread(target=serve)
                    thread.start()
                    print(socket.create_connection(server.getsockname()).recv(9).decode())
                    thread.join()
                    print(subprocess.run(['echo', 'child'], capture_output=True, text=True, check=True).stdout)
                    with multiprocessing.Pool(2) as pool: print(pool.map(double, [1, 2]))
                    with tempfile.TemporaryDirectory() as d: open(os.path.join(d, 'f'), 'w').write('x')
                    print('done')
                """);
        succeeds("[2, 4]\ndone\n", "python3", script.toString());
    }

    @Test
    void aJvmDoesNotNotice() throws IOException {
        Path source = Files.writeString(directory.resolve("Hello.java"), """
                import java.net.*;
                import java.util.stream.*;
                class Hello {
                    public static void main(String[] words) throws Exception {
                        System.out.println(IntStream.range(0, 1000).parallel().sum());
                        try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                                var client = new Socket(server.getInetAddress(), server.getLocalPort());
                                var peer = server.accept()) {
                            peer.getOutputStream().write('x');
                            System.out.println((char) client.getInputStream().read());
                        }
                        System.out.println(new ProcessBuilder("true").start().waitFor());
                        System.gc();
                        System.out.println("done");
                    }
                }
                """);
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        succeeds("version", java, "-version");
        succeeds("499500\nx\n0\ndone\n", java, source.toString());
    }

    @Test
    void gitDoesNotNotice() throws IOException {
        succeeds("git version", "git", "--version");
        succeeds("", "git", "init", "--quiet", "repository");
        Files.writeString(directory.resolve("repository/file"), "content");
        succeeds("", "git", "-C", "repository", "add", "file");
        succeeds(
                "",
                "git",
                "-C",
                "repository",
                "-c",
                "user.name=a",
                "-c",
                "user.email=a@example.org",
                "commit",
                "--quiet",
                "-m",
                "one");
        succeeds("one", "git", "-C", "repository", "log", "--oneline");
        succeeds("", "git", "clone", "--quiet", "repository", "copy");
        succeeds("", "git", "-C", "copy", "fsck");
    }

    @Test
    void curlDoesNotNotice() throws IOException {
        succeeds("curl", "curl", "--version");
        Path file = Files.writeString(directory.resolve("text"), "what it says");
        succeeds(
                "what it says", "curl", "--silent", "--show-error", file.toUri().toString());
    }

    @Test
    void whoeverNeedsMoreIsTold() throws IOException {
        Finished finished = confined("unshare", "--user", "true");
        assertThat(finished.code()).isNotZero();
        assertThat(finished.output()).contains("Operation not permitted");
    }
}
