package dev.corral.namespaces;

import static dev.corral.namespaces.NamespaceType.MNT;
import static dev.corral.namespaces.NamespaceType.NET;
import static dev.corral.namespaces.NamespaceType.PID;
import static dev.corral.namespaces.NamespaceType.USER;
import static dev.corral.namespaces.NamespaceType.UTS;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.corral.Applied;
import dev.corral.Capabilities;
import dev.corral.Child;
import dev.corral.Command;
import dev.corral.Confinement;
import dev.corral.CorralException;
import dev.corral.Feature;
import dev.corral.ImpossibleLaunch;
import dev.corral.Launch.IdRange;
import dev.corral.Result;
import dev.corral.internal.linux.LibC;
import dev.corral.network.ReadableJvm;
import dev.corral.privileges.Seccomp;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of an isolation where not all of it can be had. */
class BestEffortTest {
    @TempDir
    private Path directory;

    private static Function<Feature, Optional<String>> without(Feature... missing) {
        return feature -> Optional.of("no " + feature.text())
                .filter(why -> Set.of(missing).contains(feature));
    }

    private static List<String> dropped(Attainable here) {
        return here.applied().dropped().stream()
                .map(entry -> entry.feature() + ": " + entry.note())
                .toList();
    }

    @Test
    void whereAllWorksNothingIsDropped() {
        Attainable here = Attainable.of(EnumSet.of(USER, MNT, PID), true, without());
        assertThat(here.types()).containsExactlyInAnyOrder(USER, MNT, PID);
        assertThat(here.proc()).isEqualTo(ProcChoice.NEW);
        assertThat(here.applied().entries())
                .extracting(Applied.Entry::feature)
                .containsExactly("user namespace", "mnt namespace", "pid namespace", "/proc");
        assertThat(here.applied().dropped()).isEmpty();
    }

    @Test
    void oneKindIsDroppedAndWhatNeedsItToo() {
        Attainable here = Attainable.of(EnumSet.of(USER, UTS, NET), false, without(Feature.UTS_NAMESPACE))
                .with("host name", Optional.of("inner"), UTS)
                .with("clocks", Optional.empty(), UTS);
        assertThat(here.types()).containsExactlyInAnyOrder(USER, NET);
        assertThat(dropped(here))
                .containsExactly("uts namespace: no uts namespace", "host name: needs the uts namespace");
    }

    @Test
    void withoutAUserNamespaceItDependsOnThePrivilege() {
        Set<NamespaceType> wanted = EnumSet.of(USER, NET);
        assertThat(Attainable.of(wanted, false, without(Feature.USER_NAMESPACE, Feature.NET_NAMESPACE))
                        .types())
                .containsExactly(NET);
        assertThat(Attainable.of(
                                wanted,
                                false,
                                without(Feature.USER_NAMESPACE, Feature.NET_NAMESPACE, Feature.NAMESPACES_WITHOUT_USER))
                        .types())
                .isEmpty();
    }

    @Test
    void aNewProcGivesWayToTheOuterOne() {
        Attainable here = Attainable.of(EnumSet.of(USER, MNT, PID), true, without(Feature.PROC));
        assertThat(here.proc()).isEqualTo(ProcChoice.OUTER);
        assertThat(dropped(here))
                .containsExactly("/proc: the JVM's stays, read-only, with other pids: no its own /proc");
    }

    /** Isolates a command as far as possible, and tells what was dropped; without that it is an error. */
    static final class Inside {
        private Inside() {}

        public static void main(String[] arguments) throws Exception {
            Command command = Command.of(
                    "sh",
                    "-c",
                    "uname -n; read -r pid rest < /proc/self/stat; [ $pid = $$ ] && echo own pids; [ -e /proc/stat ] && echo stat");
            tell("full", command.with(Isolation.full().hostname("inner")));
            tell("full", command.with(Isolation.full().hostname("inner").bestEffort()));
            tell(
                    "tree",
                    command.with(
                            Isolation.full().root(RootFilesystem.hostSystem()).bestEffort()));
        }

        private static void tell(String name, Command command) throws Exception {
            try (Child child = command.start()) {
                String output = new String(child.getInputStream().readAllBytes(), UTF_8);
                System.out.println(name + " says " + List.of(output.split("\n", -1)));
                child.applied().dropped().forEach(entry -> System.out.println(name + " drops " + entry.feature()));
            } catch (CorralException refused) {
                System.out.println(name + " " + refused.getClass().getSimpleName());
            }
        }
    }

    private String inside(Confinement place) throws Exception {
        Command jvm = Command.of(ReadableJvm.line(directory, Inside.class)).errorIntoOutput();
        try (Child child = jvm.with(place).start()) {
            String told = new String(child.getInputStream().readAllBytes(), UTF_8);
            assertThat(child.await().ok()).as(told).isTrue();
            return told;
        }
    }

    @Test
    void inAContainerWithAMaskedProcThePidsAreTheOuterOnes() throws Exception {
        assumeThat(Capabilities.probe().whyNot(Feature.PROC))
                .as("needs a /proc for the container in between")
                .isEmpty();
        String told = inside(launch -> {
            launch.namespaces(List.of("user", "mnt", "pid"))
                    .idMaps(
                            List.of(new IdRange(0, LibC.effectiveUser(), 1)),
                            List.of(new IdRange(0, LibC.effectiveGroup(), 1)))
                    .newProc()
                    .root()
                    .mask(Path.of("/proc/uptime"));
        });
        assertThat(told)
                .isEqualTo("full ProcMountDenied\n"
                        + "full says [inner, stat, ]\n"
                        + "full drops /proc\n"
                        + "tree says [" + hostname() + ", stat, ]\n"
                        + "tree drops /proc\n");
    }

    @Test
    void whereNamespacesAreForbiddenTheyAreDroppedAndAFileTreeIsNot() throws Exception {
        assertThat(inside(Seccomp.defaultProfile()))
                .isEqualTo("full NamespaceDenied\n"
                        + "full says [" + hostname() + ", own pids, stat, ]\n"
                        + "full drops user namespace\n"
                        + "full drops mnt namespace\n"
                        + "full drops pid namespace\n"
                        + "full drops net namespace\n"
                        + "full drops uts namespace\n"
                        + "full drops ipc namespace\n"
                        + "full drops cgroup namespace\n"
                        + "full drops host name\n"
                        + "tree ImpossibleLaunch\n");
    }

    private static String hostname() throws Exception {
        try (Child child = Command.of("uname", "-n").start()) {
            return new String(child.getInputStream().readAllBytes(), UTF_8).strip();
        }
    }

    @Test
    void whatIsShortForAMomentCostsNobodyItsIsolation() throws Exception {
        assumeThat(Capabilities.probe().whyNot(Feature.UTS_NAMESPACE)).isEmpty();
        List<String> line = new ArrayList<>(List.of("sh", "-c", "ulimit -n 120; exec \"$0\" \"$@\""));
        line.addAll(ReadableJvm.line(directory, AtABadMoment.class));
        Result told = Command.of(line).run();
        assertThat(told.output().text()).as(told.error().text()).isEqualTo("inner\nfiltered\n");
    }

    /** Has no descriptor free while it is found out what can be had, and then has them again. */
    static final class AtABadMoment {
        private static final List<FileInputStream> TAKEN = new ArrayList<>();

        private AtABadMoment() {}

        public static void main(String[] arguments) throws Exception {
            Isolation isolation = Isolation.full().without(PID); // for which a container may have no /proc
            Command.of("true").with(isolation).with(Seccomp.defaultProfile()).run(); // loads the classes
            Command name = Command.of("uname", "-n");
            Command mode = Command.of("sh", "-c", "grep -q Seccomp:.2 /proc/self/status && echo filtered");
            print(name, isolation.hostname("inner").bestEffort());
            print(mode, Seccomp.defaultProfile().bestEffort());
        }

        private static void print(Command command, Confinement asFarAsPossible) throws InterruptedException {
            Command begun = command.with(launch -> takeAll());
            System.out.print(begun.with(asFarAsPossible)
                    .with(launch -> giveBack())
                    .run()
                    .output()
                    .text());
        }

        private static void takeAll() {
            try {
                while (true) {
                    TAKEN.add(new FileInputStream("/dev/null"));
                }
            } catch (IOException noMore) {
                close(TAKEN.remove(0)); // for classes
            }
        }

        private static void giveBack() {
            TAKEN.forEach(AtABadMoment::close);
            TAKEN.clear();
        }

        private static void close(FileInputStream stream) {
            try {
                stream.close();
            } catch (IOException impossible) {
                throw new UncheckedIOException(impossible);
            }
        }
    }

    @Test
    void itIsAskedForAndPartOfTheValue() {
        assertThat(Isolation.full().bestEffort())
                .isEqualTo(Isolation.full().bestEffort())
                .isNotEqualTo(Isolation.full())
                .hasToString(Isolation.full() + " as far as possible");
        assertThatThrownBy(() -> Command.of("true")
                        .with(Isolation.full()
                                .without(MNT)
                                .root(RootFilesystem.empty())
                                .bestEffort())
                        .start())
                .isInstanceOf(ImpossibleLaunch.class);
    }
}
