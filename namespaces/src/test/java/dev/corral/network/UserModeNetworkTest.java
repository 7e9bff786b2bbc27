package dev.corral.network;

import static dev.corral.namespaces.NamespaceType.NET;
import static dev.corral.namespaces.NamespaceType.USER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import dev.corral.Child;
import dev.corral.Command;
import dev.corral.namespaces.Namespaces;
import dev.corral.namespaces.SkippedWhereRefused;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The programs' good and bad behaviour; what an ordinary user gets is tried in {@link RootlessNetworkTest}. */
@Timeout(120)
@ExtendWith(SkippedWhereRefused.class)
class UserModeNetworkTest {
    @TempDir
    Path directory;

    /** Real programs, and shells in their place, take longer on a busy machine. */
    private static UserModeNetwork patient() {
        return Network.userMode().timeout(Duration.ofSeconds(30));
    }

    private static Child sleeper() {
        return Command.of("sleep", "1000").with(Namespaces.unshare(USER, NET)).start();
    }

    /** For so long that nobody else on this machine sleeps as long. */
    private final String sleep =
            "sleep " + (1_000_000 + ProcessHandle.current().pid()) + "." + Math.floorMod(System.nanoTime(), 1_000_000);

    private Path script(String name, String... lines) throws IOException {
        Path file = directory.resolve(name);
        Files.writeString(file, "#!/bin/sh\n" + String.join("\n", lines) + "\n");
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static List<String> running(String text) {
        return ProcessHandle.allProcesses()
                .map(process -> process.info().commandLine().orElse(""))
                .filter(line -> line.contains(text))
                .toList();
    }

    @Test
    void aProgramThatHangsIsEndedInTime() throws Exception {
        Path hangs = script("slirp4netns", sleep, "exit 0");
        UserModeNetwork network =
                Network.userMode().program(UserModeProgram.SLIRP4NETNS, hangs).timeout(Duration.ofMillis(300));
        try (Child child = sleeper()) {
            long begin = System.nanoTime();
            assertThatThrownBy(() -> network.attach(child.payloadPid()))
                    .isInstanceOf(UserModeTimeout.class)
                    .hasMessageContaining("within 300 ms");
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofMinutes(1));
            await("nothing of it is left").until(() -> running(sleep).isEmpty());
        }
    }

    @Test
    void aProgramThatGivesUpIsQuoted() throws Exception {
        Path fails = script("slirp4netns", "echo no tap for you >&2", "echo really", "exit 3");
        UserModeNetwork network = patient().program(UserModeProgram.SLIRP4NETNS, fails);
        try (Child child = sleeper()) {
            assertThatThrownBy(() -> network.attach(child.payloadPid()))
                    .isInstanceOfAny(UserModeFailed.class, UserModeUnavailable.class)
                    .hasMessageContaining("slirp4netns can't connect pid " + child.payloadPid())
                    .hasMessageContaining("no tap for you; really");
        }
    }

    @Test
    void aProgramGetsThePidLastAndNothingOfItIsLeftAfterwards() throws Exception {
        Path told = directory.resolve("told");
        Path ready = script("pasta", "echo \"$@\" > " + told, "echo 1 >&3", "exec " + sleep);
        UserModeNetwork network =
                patient().program(UserModeProgram.PASTA, ready).publish(0, 80);
        try (Child child = sleeper()) {
            try (Attachment attachment = network.attach(child.payloadPid())) {
                int port = attachment.published(80).orElseThrow().getPort();
                assertThat(port).isNotZero();
                assertThat(Files.readString(told).strip())
                        .contains("-t 127.0.0.1/" + port + ":80")
                        .contains("--no-map-gw")
                        .endsWith(" --pid /dev/fd/3 " + child.payloadPid());
                assertThat(attachment.interfaceName()).isEqualTo("tap0");
                await().until(() -> running(sleep).size() == 1);
            }
            assertThat(running(sleep)).isEmpty();
        }
    }

    @Test
    void theProgramEndsWithTheChild() throws Exception {
        Path ready = script("pasta", "echo 1 >&3", "exec " + sleep);
        UserModeNetwork network = patient().program(UserModeProgram.PASTA, ready);
        try (Child child = sleeper();
                Attachment attachment = network.attach(child.payloadPid())) {
            assertThat(attachment.ports()).isEmpty();
            await().until(() -> running(sleep).size() == 1);
            child.destroyForcibly();
            await().until(() -> running(sleep).isEmpty());
        }
    }

    @Test
    void noProgramIsToldWithItsNamesAndPackages() throws Exception {
        Path absent = directory.resolve("slirp4netns");
        UserModeNetwork network = patient().program(UserModeProgram.SLIRP4NETNS, absent);
        try (Child child = sleeper()) {
            assertThatThrownBy(() -> network.attach(child.payloadPid()))
                    .isInstanceOf(UserModeUnavailable.class)
                    .hasMessageContaining("not installed")
                    .hasMessageContaining(absent.toString())
                    .hasMessageContaining("install the package slirp4netns, or passt");
        }
    }

    @Test
    void theFirstProgramInThePathIsTaken() throws Exception {
        script("pasta", "true");
        assertThat(UserModeProgram.PASTA.find("relative:" + directory)).contains(directory.resolve("pasta"));
        script("slirp4netns", "true");
        assertThat(UserModeAttach.find(Network.userMode(), Map.of("PATH", directory.toString())))
                .isEqualTo(new UserModeAttach.Found(UserModeProgram.SLIRP4NETNS, directory.resolve("slirp4netns")));
    }

    @ParameterizedTest
    @EnumSource
    void theRealProgramConnectsAndPublishesForRoot(UserModeProgram program) throws Exception {
        OwnNetwork.assumeRoot();
        RootlessNetworkTest.assumeInstalled(program);
        UserModeNetwork network = patient().program(program).publish(0, 80);
        try (Child child = sleeper();
                Attachment attachment = network.attach(child.payloadPid());
                ChildNamespace namespace = ChildNamespace.of(child.payloadPid());
                ServerSocket server = namespace.call(() -> new ServerSocket(80))) {
            assertThat(Links.of(child.payloadPid())).extracting(Link::name).containsExactly("lo", "tap0");
            assertThat(Links.of(child.payloadPid())).allMatch(Link::up);
            InetSocketAddress published = attachment.published(80).orElseThrow();
            try (Socket client = new Socket(published.getAddress(), published.getPort());
                    Socket accepted = server.accept()) {
                client.getOutputStream().write(42);
                assertThat(accepted.getInputStream().read()).isEqualTo(42);
                accepted.getOutputStream().write(43);
                assertThat(client.getInputStream().read()).isEqualTo(43);
            }
        }
    }

    @Test
    void aPortInUseIsToldAndNothingIsLeft() throws Exception {
        OwnNetwork.assumeRoot();
        RootlessNetworkTest.assumeInstalled(UserModeProgram.SLIRP4NETNS);
        try (Child child = sleeper();
                ServerSocket taken = new ServerSocket(0, 50, Cidr.address("127.0.0.1"))) {
            UserModeNetwork network =
                    patient().program(UserModeProgram.SLIRP4NETNS).publish(taken.getLocalPort(), 80);
            List<Path> before = sockets();
            assertThatThrownBy(() -> network.attach(child.payloadPid()))
                    .isInstanceOf(PortUnavailable.class)
                    .hasMessageContaining("127.0.0.1:" + taken.getLocalPort() + " -> 80");
            assertThat(sockets()).isEqualTo(before);
            String pid = " " + child.payloadPid() + " tap0";
            await().until(() -> running(pid).isEmpty());
        }
    }

    private static List<Path> sockets() throws IOException {
        try (Stream<Path> all = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return all.filter(path -> path.getFileName().toString().startsWith("corral-net"))
                    .toList();
        }
    }

    @Test
    void theHostsLoopbackDeviceIsOutOfReachUnlessAskedFor() throws Exception {
        OwnNetwork.assumeRoot();
        RootlessNetworkTest.assumeInstalled(UserModeProgram.SLIRP4NETNS);
        UserModeNetwork closed = patient().program(UserModeProgram.SLIRP4NETNS);
        try (ServerSocket hosts = new ServerSocket(0, 50, Cidr.address("127.0.0.1"))) {
            for (UserModeNetwork network : List.of(closed, closed.hostLoopback())) {
                boolean open = network.reachesHostLoopback();
                try (Child child = sleeper();
                        Attachment attachment = network.attach(child.payloadPid());
                        ChildNamespace namespace = ChildNamespace.of(child.payloadPid())) {
                    assertThat(attachment.addresses()).containsExactly(Cidr.parse("10.0.2.100/24"));
                    boolean reached = namespace.call(() -> {
                        try (Socket up = new Socket()) {
                            up.connect(new InetSocketAddress(Cidr.address("10.0.2.2"), hosts.getLocalPort()), 20_000);
                            return true;
                        } catch (IOException refused) {
                            return false;
                        }
                    });
                    assertThat(reached).isEqualTo(open);
                }
            }
        }
    }

    @Test
    void aTimeOutOfNothingIsRefused() {
        assertThatThrownBy(() -> Network.userMode().timeout(Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class);
        assumeThat(Network.userMode().timeout()).isEqualTo(Duration.ofSeconds(5));
    }
}
