package dev.corral.namespaces;

import static dev.corral.namespaces.NamespaceType.NET;
import static dev.corral.namespaces.NamespaceType.PID;
import static dev.corral.namespaces.NamespaceType.USER;
import static dev.corral.namespaces.NamespaceType.UTS;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.corral.Child;
import dev.corral.Command;
import dev.corral.Exit;
import dev.corral.Stdio;
import dev.corral.internal.linux.LibC;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(SkippedWhereRefused.class)
class NamespaceScanTest {
    @TempDir
    private Path root;

    private void process(long pid, String name, String commandLine, String... links) throws Exception {
        Path ns = Files.createDirectories(
                root.resolve("proc").resolve(Long.toString(pid)).resolve("ns"));
        Path process = ns.resolveSibling("");
        Files.writeString(process.resolve("cmdline"), commandLine.replace(' ', '\0'));
        Files.writeString(process.resolve("status"), "Name:\t" + name + "\nUid:\t0\t1000\t0\t0\n");
        for (String link : links) {
            Files.createSymbolicLink(ns.resolve(link.substring(0, link.indexOf(':'))), Path.of(link));
        }
    }

    private NamespaceList scan(NamespaceType first, NamespaceType... more) {
        return new NamespaceScan(root.resolve("proc"), root.resolve("etc"), EnumSet.of(first, more)).run();
    }

    @Test
    void processesAreCountedAndTheLowestPidStandsForThem() throws Exception {
        process(1000, "later", "later", "net:[5]", "uts:[9]");
        process(7, "kthread", "", "net:[5]", "uts:[8]");
        process(20, "shell", "/bin/sh -c true ", "net:[4]");
        Files.createDirectories(root.resolve("etc"));
        Files.writeString(root.resolve("etc/passwd"), "root:x:0:0::/:/bin/sh\nalice:x:1000:1000::/:\nbob:x:1000::\n");
        assertThat(scan(NET).stream().map(NamespaceInfo::toString))
                .containsExactly(
                        "net:[4] 1 process, pid 20 (alice) /bin/sh -c true",
                        "net:[5] 2 processes, pid 7 (alice) kthread");
        assertThat(scan(UTS, NET)).hasSize(4).allSatisfy(info -> {
            assertThat(info.owner()).isEmpty();
            assertThat(info.parent()).isEmpty();
            assertThat(info.ownerUser()).isEmpty();
        });
        assertThat(scan(PID)).isEmpty();
    }

    @Test
    void whatIsGoneMeanwhileIsNotInTheList() throws Exception {
        process(7, "gone", "gone", "net:[5]");
        Files.delete(root.resolve("proc/7/status"));
        Files.createDirectories(root.resolve("proc/8"));
        process(9, "there", "there", "net:[5]");
        assertThat(scan(NET)).singleElement().satisfies(info -> {
            assertThat(info.processes()).isEqualTo(1);
            assertThat(info.first().map(NamespaceInfo.First::pid)).contains(9L);
            assertThat(info.first().flatMap(NamespaceInfo.First::user)).isEmpty();
        });
        assertThat(scan(NET).unreadable()).isZero();
    }

    @Test
    void mountsKeepNamespacesToo() throws Exception {
        process(7, "cat", "cat", "net:[5]");
        Files.createDirectories(root.resolve("proc/self"));
        Files.writeString(root.resolve("proc/self/mountinfo"), """
                22 27 0:21 / /proc rw,relatime - proc proc rw
                50 27 0:4 net:[5] /run/netns/blue rw shared:1 - nsfs nsfs rw
                51 27 0:4 net:[6] /run/netns/a\\040b\\134c rw - nsfs nsfs rw
                52 27 0:4 uts:[7] /run/uts rw - nsfs nsfs rw
                53 27 0:4 tide:[8] /run/tide rw - nsfs nsfs rw
                """);
        assertThat(scan(NET).stream().map(NamespaceInfo::toString))
                .containsExactly(
                        "net:[5] 1 process, pid 7 (1000) cat, kept at /run/netns/blue",
                        "net:[6] 0 processes, kept at /run/netns/a b\\c");
    }

    @Test
    void withoutProcessesToLookAtThereIsNoList() {
        assertThatThrownBy(() -> scan(NET)).isInstanceOf(NamespacesUnreadable.class);
    }

    @Test
    void controlCharactersOfACommandAreNotPrinted() {
        assertThat(new NamespaceInfo.First(7, 0, Optional.empty(), "a\u001b[2Jb\n"))
                .hasToString("pid 7 (0) a?[2Jb?");
    }

    @Test
    void theTextOfAProcessIsReadWhateverItsName() {
        assertThat(ProcessText.effectiveUser("Uid:\t1\t2\t3\t4\n")).contains(2L);
        assertThat(ProcessText.effectiveUser("Name:\tUid\n")).isEmpty();
        assertThat(ProcessText.command("\0\0", "Name:\tcat\n")).isEqualTo("cat");
        assertThat(ProcessText.userNames("# comment\n:x:1:\nbroken\nroot:x:0\n+::x\ntoor:x:0:"))
                .isEqualTo(Map.of(0L, List.of("root", "toor")));
    }

    @Test
    void theNamespacesOfAChildAreAmongThoseOfThisHost() throws Exception {
        try (Child child = Command.of("cat").with(Isolation.full()).start()) {
            ProcessNamespaces inside = Namespaces.of(child.payloadPid());
            NamespaceList all = Namespaces.list();
            Namespace user = inside.get(USER).namespace();
            for (NamespaceType type : Isolation.full().types()) {
                NamespaceInfo info = find(all, inside.get(type).namespace());
                // Root sees the init as well; nobody else may look into it.
                assertThat(info.processes()).isEqualTo(Privilege.mayLook() ? 2 : 1);
                assertThat(info.first().orElseThrow().command()).isEqualTo(Privilege.mayLook() ? initOf(child) : "cat");
                assertThat(info.owner()).contains(type == USER ? own(USER) : user);
                assertThat(info.parent())
                        .isEqualTo(type == USER || type == PID ? Optional.of(own(type)) : Optional.empty());
                assertThat(info.ownerUser())
                        .isEqualTo(type == USER ? Optional.of((long) LibC.effectiveUser()) : Optional.empty());
            }
            assertThat(Namespaces.list(NET))
                    .allMatch(info -> info.type() == NET)
                    .anyMatch(info -> info.namespace().equals(inside.get(NET).namespace()));
        }
    }

    private static String initOf(Child child) throws Exception {
        return ProcFiles.text(Path.of("/proc/" + child.pid() + "/cmdline"))
                .replace('\0', ' ')
                .strip();
    }

    private static NamespaceInfo find(NamespaceList list, Namespace namespace) {
        return list.stream()
                .filter(info -> info.namespace().equals(namespace))
                .findFirst()
                .orElseThrow();
    }

    private static Namespace own(NamespaceType type) {
        return Namespaces.of(ProcessHandle.current().pid()).get(type).namespace();
    }

    @Test
    void processesOfOthersAreCountedAsUnreadable() {
        Privilege.assumeMayNotLook();
        assertThat(Namespaces.list(NET).unreadable()).isPositive();
    }

    @Test
    void lsnsTellsTheSame() throws Exception {
        Optional<Path> lsns = List.of("/usr/bin/lsns", "/bin/lsns").stream()
                .map(Path::of)
                .filter(Files::isExecutable)
                .findFirst();
        assumeThat(lsns).as("needs lsns of util-linux").isPresent();
        Path output = root.resolve("lsns");
        Command command = Command.of(
                        lsns.orElseThrow().toString(), "--raw", "--noheadings", "-o", "NS,TYPE,NPROCS,PID,UID,PNS,ONS")
                .output(Stdio.toFile(output))
                .error(Stdio.nothing());
        try (Child child = Command.of("cat").with(Isolation.full()).start();
                Child lister = command.start()) {
            assumeThat(lister.await()).as("lsns that knows PNS and ONS").matches(Exit::ok);
            List<String> theirs = Files.readAllLines(output, UTF_8);
            ProcessNamespaces inside = Namespaces.of(child.payloadPid());
            NamespaceList ours = Namespaces.list();
            for (NamespaceType type : Isolation.full().types()) {
                assertThat(theirs).contains(row(find(ours, inside.get(type).namespace())));
            }
            // The JVM's own are there all the time, with numbers of processes that change.
            for (Namespace own :
                    Namespaces.of(ProcessHandle.current().pid()).asMap().values()) {
                String beginning = own.inode() + " " + own.type().kernelName() + " ";
                assertThat(theirs)
                        .filteredOn(line -> line.startsWith(beginning))
                        .hasSize(1);
                assertThat(ours)
                        .filteredOn(info -> info.namespace().equals(own))
                        .hasSize(1);
            }
        }
    }

    private static String row(NamespaceInfo info) {
        NamespaceInfo.First first = info.first().orElseThrow();
        return String.join(
                " ",
                Long.toString(info.namespace().inode()),
                info.type().kernelName(),
                Integer.toString(info.processes()),
                Long.toString(first.pid()),
                Long.toString(first.uid()),
                Long.toString(info.parent().map(Namespace::inode).orElse(0L)),
                Long.toString(info.owner().map(Namespace::inode).orElse(0L)));
    }
}
