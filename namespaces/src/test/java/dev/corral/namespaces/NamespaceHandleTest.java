package dev.corral.namespaces;

import static dev.corral.namespaces.NamespaceType.NET;
import static dev.corral.namespaces.NamespaceType.PID;
import static dev.corral.namespaces.NamespaceType.USER;
import static dev.corral.namespaces.NamespaceType.UTS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.corral.Child;
import dev.corral.Command;
import dev.corral.LaunchException;
import dev.corral.internal.linux.LibC;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@ExtendWith(SkippedWhereRefused.class)
class NamespaceHandleTest {
    private static final long SELF = ProcessHandle.current().pid();

    private static Child isolated() {
        return Command.of("cat").with(Isolation.full()).start();
    }

    @ParameterizedTest
    @EnumSource
    void aNamespaceOfAProcessIsOpenedByPidAndByPath(NamespaceType type) throws Exception {
        NamespaceLink link = Namespaces.of(SELF).get(type);
        try (NamespaceHandle byPid = Namespaces.open(SELF, type);
                NamespaceHandle byPath = Namespaces.open(Path.of("/proc/self/ns", type.kernelName()))) {
            assertThat(byPid.namespace()).isEqualTo(link.namespace()).isEqualTo(byPath.namespace());
            assertThat(byPid.type()).isEqualTo(type);
            assertThat(byPid).hasToString(link.toString());
        }
    }

    @Test
    void theKernelTellsOwnerParentAndMaker() throws Exception {
        try (Child child = isolated();
                NamespaceHandle net = Namespaces.open(child.payloadPid(), NET);
                NamespaceHandle pid = Namespaces.open(child.payloadPid(), PID);
                NamespaceHandle user = Namespaces.open(child.payloadPid(), USER)) {
            ProcessNamespaces own = Namespaces.of(SELF);
            assertThat(net.owner()).contains(user.namespace());
            assertThat(net.parent()).isEmpty();
            assertThat(net.ownerUser()).isEmpty();
            assertThat(pid.parent()).contains(own.get(PID).namespace());
            assertThat(user.parent()).contains(own.get(USER).namespace());
            assertThat(user.ownerUser()).contains((long) LibC.effectiveUser());
        }
    }

    @Test
    void anOpenNamespaceOutlivesItsProcessAndItsLinkDoesNot() throws Exception {
        Child child = isolated();
        NamespaceLink link = Namespaces.of(child.payloadPid()).get(UTS);
        try (NamespaceHandle handle = link.open()) {
            child.close();
            assertThat(handle.owner()).isPresent();
            assertThatThrownBy(link::open)
                    .isInstanceOf(NamespaceGone.class)
                    .hasMessage("pid " + link.pid() + " has ended");
        }
    }

    @Test
    void aPidThatWasGivenToAnotherProcessIsNotTakenForTheFirst(@TempDir Path proc) throws Exception {
        Path process = Files.createDirectories(proc.resolve(Long.toString(SELF)));
        Path ns = Files.createDirectory(process.resolve("ns"));
        Files.createSymbolicLink(ns.resolve("uts"), Path.of("uts:[5]"));
        String stat =
                "7 (a) b) S 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 %d 20 21 22 23 24 25 26 27 28 29 30 31 32"
                        + " 33 34 35 36 37 38\n";
        Files.writeString(process.resolve("stat"), stat.formatted(1000));
        NamespaceLink link = ProcessNamespaces.read(proc, SELF).get(UTS);
        Files.writeString(process.resolve("stat"), stat.formatted(1001));
        assertThatThrownBy(link::open).isInstanceOf(NamespaceGone.class).hasMessage("pid " + SELF + " has ended");
    }

    @Test
    void aProcessThatHasMovedIsToldFromOneThatHasNot(@TempDir Path proc) throws Exception {
        Path ns = Files.createDirectories(proc.resolve(SELF + "/ns"));
        Files.createSymbolicLink(ns.resolve("uts"), Path.of("uts:[5]"));
        NamespaceLink link = ProcessNamespaces.read(proc, SELF).get(UTS);
        Files.delete(ns.resolve("uts"));
        Files.createSymbolicLink(ns.resolve("uts"), Path.of("uts:[6]"));
        assertThatThrownBy(link::open)
                .isInstanceOf(NamespaceGone.class)
                .hasMessage("pid " + SELF + " is not in uts:[5] any more");
        assertThatThrownBy(() -> ProcessNamespaces.read(proc, SELF).get(NET))
                .isInstanceOf(NamespacesUnreadable.class)
                .hasMessageContaining("shows no net namespace");
    }

    @Test
    void linksAreEqualWhenTheyLeadToTheSame() throws Exception {
        try (Child child = Command.of("cat").with(Namespaces.unshare(NET, USER)).start()) {
            ProcessNamespaces own = Namespaces.of(SELF);
            ProcessNamespaces others = Namespaces.of(child.pid());
            assertThat(others.get(UTS)).isEqualTo(own.get(UTS)).hasSameHashCodeAs(own.get(UTS));
            assertThat(others.get(NET)).isNotEqualTo(own.get(NET));
        }
    }

    @Test
    void whatIsNoNamespaceIsNotOpened(@TempDir Path directory) throws Exception {
        Path file = Files.createFile(directory.resolve("file"));
        for (Path path : new Path[] {file, directory, Path.of("/dev/null"), Path.of("/proc/self/stat")}) {
            assertThatThrownBy(() -> Namespaces.open(path))
                    .isInstanceOf(NamespaceGone.class)
                    .hasMessageContaining(path + " is not a namespace");
        }
        assertThatThrownBy(() -> Namespaces.open(directory.resolve("absent")))
                .isInstanceOf(NamespaceGone.class)
                .hasMessageContaining("ENOENT");
    }

    @Test
    void aNamespaceOfSomebodyElseIsToldSo() {
        Privilege.assumeMayNotLook();
        assertThatThrownBy(() -> Namespaces.open(Path.of("/proc/2/ns/net")))
                .isInstanceOf(NamespacesUnreadable.class)
                .hasMessageContaining("EACCES");
    }

    @Test
    void aClosedHandleSaysSoAndMayBeClosedAgain() {
        NamespaceHandle handle = Namespaces.open(SELF, UTS);
        handle.close();
        handle.close();
        assertThatThrownBy(handle::owner).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> handle.call(() -> 0)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> Command.of("true").with(handle.join()).start())
                .isInstanceOf(IllegalStateException.class);
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "PID")
    void aNamespaceCanBeMadeThatNoProcessIsIn(NamespaceType type) {
        try (NamespaceHandle made = Namespaces.create(type)) {
            assertThat(made.type()).isEqualTo(type);
            assertThat(made.namespace())
                    .isNotEqualTo(Namespaces.of(SELF).get(type).namespace());
            assertThat(Namespaces.list(type)).noneMatch(info -> info.namespace().equals(made.namespace()));
        }
    }

    @Test
    void aPidNamespaceWithoutAProcessIsRefused() {
        assertThatThrownBy(() -> Namespaces.create(PID)).isInstanceOf(ImpossibleCall.class);
    }

    @Test
    void whateverIsDoneWithNamespacesNoneStaysOpen() throws Exception {
        for (NamespaceType type : new NamespaceType[] {NET, UTS, USER}) {
            Namespaces.create(type).close();
        }
        try (Child child = isolated();
                NamespaceHandle handle = Namespaces.open(child.payloadPid(), PID)) {
            Namespaces.list();
            assertThat(handle.owner()).isPresent();
            assertThat(handle.parent()).isPresent();
            assertThatThrownBy(() -> Namespaces.open(Path.of("/dev/null"))).isInstanceOf(NamespaceGone.class);
            assertThatThrownBy(() -> Command.of("/absent").with(handle.join()).start())
                    .isInstanceOf(LaunchException.class);
        }
        // A thread of another test may be closing its own.
        await().untilAsserted(() -> assertThat(open()).isEmpty());
    }

    /** What open descriptors of namespaces lead to. */
    private static List<String> open() throws IOException {
        List<String> open = new ArrayList<>();
        try (Stream<Path> links = Files.list(Path.of("/proc/self/fd"))) {
            for (Path link : links.toList()) {
                try {
                    open.add(Files.readSymbolicLink(link).toString());
                } catch (NoSuchFileException closedMeanwhile) {
                    open.add(""); // such as the listing's own
                }
            }
        }
        open.removeIf(target -> !target.matches("[a-z]+:\\[4026[0-9]+]"));
        return open;
    }
}
