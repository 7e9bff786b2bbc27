package dev.corral;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.corral.internal.launch.Launcher;
import dev.corral.internal.linux.LibC;
import dev.corral.testing.ForkedJvm;
import dev.corral.testing.Leftovers;
import dev.corral.testing.Namespacing;
import dev.corral.testing.Privilege;
import java.io.FileInputStream;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What the probe says is what a launch does. */
class CapabilitiesTest {
    private static final long NOBODY = 65_534;

    @Test
    void theProbeLeavesNothingAndKeepsItsAnswers() {
        Capabilities.probe();
        Leftovers before = Leftovers.before();
        System.out.print(Capabilities.probe());
        assertThat(Capabilities.probe()).isSameAs(Capabilities.probe());
        before.assertNothingIsLeft();
    }

    @ParameterizedTest
    @EnumSource
    void theVerdictIsThatOfALaunch(Feature feature) {
        Throwable answer = catchThrowable(() -> Trials.of(feature).start());
        boolean ran = answer instanceof ExecFailed failed
                && failed.failure().orElseThrow().step().equals("exec");
        assertThat(Capabilities.probe().has(feature))
                .as("%s: %s", feature, answer)
                .isEqualTo(ran);
    }

    @Test
    void whatDoesNotWorkHasAReason() {
        Capabilities here = Capabilities.probe();
        for (Feature missing : here.missing()) {
            assertThat(here.whyNot(missing).orElseThrow()).isNotBlank();
            assertThat(here.toString()).contains("no   " + missing.text() + ": ");
        }
        if (!Privilege.SETUID.isHere()) {
            assertThat(here.whyNot(Feature.OTHER_USERS).orElseThrow()).contains("CAP_SETUID");
        } else if (!Namespacing.exists(NOBODY)) {
            assertThat(here.whyNot(Feature.OTHER_USERS).orElseThrow()).contains("not mapped");
        }
        if (!Privilege.SYS_ADMIN.isHere()) {
            assertThat(here.missing()).contains(Feature.NAMESPACES_WITHOUT_USER);
        }
        assertThat(here.has(Feature.RAISED_PRIORITY)).isEqualTo(Privilege.SYS_NICE.isForTheHost());
        assertThat(here.has(Feature.LOWERED_OOM_SCORE)).isEqualTo(Privilege.SYS_RESOURCE.isForTheHost());
        assertThat(here.has(Feature.LAUNCH)).isTrue();
    }

    /** So that no fault of this library passes for one of the place, for which tests are skipped. */
    @ParameterizedTest
    @CsvSource({
        "USER_NAMESPACE, --user --map-root-user",
        "MNT_NAMESPACE, --user --map-root-user --mount",
        "PID_NAMESPACE, --user --map-root-user --pid --fork",
        "NET_NAMESPACE, --user --map-root-user --net",
        "PROC, --user --map-root-user --mount --pid --fork --mount-proc",
        "NAMESPACES_WITHOUT_USER, --mount"
    })
    void whatWorksWithUnshareIsNotMissing(Feature feature, String options) throws Exception {
        List<String> line = new ArrayList<>(List.of("unshare"));
        line.addAll(List.of(options.split(" ", -1)));
        line.add("true");
        ForkedJvm.Result unshare = ForkedJvm.run(new ProcessBuilder(line));
        assertThat(Capabilities.probe().has(feature))
                .as(unshare.output() + Capabilities.probe().whyNot(feature))
                .isEqualTo(unshare.code() == 0);
    }

    @Test
    void aRootWithoutTheRightToMapOthersHasUserNamespaces() throws Exception {
        Namespacing.assumeHas(Feature.USER_NAMESPACE);
        assumeThat(LibC.effectiveUser()).as("needs root by name").isZero();
        Privilege.SETPCAP.assumeHere(); // to have the others no more
        List<String> line = new ArrayList<>(List.of("setpriv", "--bounding-set=-setuid,-setgid"));
        line.addAll(ForkedJvm.commandLine(Asks.class));
        assertThat(ForkedJvm.run(new ProcessBuilder(line)).ok().output()).isEqualTo("Optional.empty\n");
    }

    /** Why there are no user namespaces. */
    static final class Asks {
        private Asks() {}

        public static void main(String[] arguments) {
            System.out.println(Capabilities.probe().whyNot(Feature.USER_NAMESPACE));
        }
    }

    @Test
    void anInterruptOfWhoAsksIsNoAnswer() throws Exception {
        Launcher launcher = Launcher.load();
        Thread.currentThread().interrupt();
        Capabilities found = Capabilities.probe(launcher);
        assertThat(Thread.interrupted()).as("the flag is kept").isTrue();
        assertThat(found.has(Feature.LAUNCH)).isTrue();
        assertThat(found.missing()).isEqualTo(Capabilities.probe().missing());
    }

    /** Else a program that asks at a bad moment would have nothing confined as far as possible for the rest of its life. */
    @Test
    void whatWasShortForAMomentIsNotMissingForEver() throws Exception {
        List<String> line = new ArrayList<>(List.of("sh", "-c", "ulimit -n 100; exec \"$0\" \"$@\""));
        line.addAll(ForkedJvm.commandLine(AsksAtABadMoment.class));
        assertThat(ForkedJvm.run(new ProcessBuilder(line)).ok().output().lines())
                .containsExactly("EMFILE true", "SetUpFailed", "Optional.empty");
    }

    /** Asks when no descriptor is free, and again. */
    static final class AsksAtABadMoment {
        private AsksAtABadMoment() {}

        public static void main(String[] arguments) throws Exception {
            Command.of("true").run(); // unpacks the launcher that is asked later
            Capabilities.probe(Launcher.load()); // loads the classes
            Deque<FileInputStream> taken = new ArrayDeque<>();
            try {
                while (true) {
                    taken.push(new FileInputStream("/dev/null"));
                }
            } catch (IOException noMore) {
                taken.pop().close(); // for classes
            }
            Optional<String> why = Capabilities.probe().whyNot(Feature.LAUNCH);
            System.out.println("EMFILE " + why.orElse("").contains("EMFILE"));
            Confinement confined = launch -> launch.hostname("never");
            try (Child child =
                    Command.of("true").with(confined.bestEffort("a name")).start()) {
                System.out.println("unconfined " + child.applied());
            } catch (LaunchException refused) {
                System.out.println(refused.getClass().getSimpleName());
            }
            while (!taken.isEmpty()) {
                taken.pop().close();
            }
            System.out.println(Capabilities.probe().whyNot(Feature.LAUNCH));
        }
    }

    @Test
    void withoutALauncherEverythingHasTheSameReason() {
        Capabilities none = Capabilities.none("no place");
        assertThat(none.missing()).containsExactly(Feature.values());
        assertThat(none.whyNot(Feature.SECCOMP)).isEqualTo(Optional.of("no place"));
    }
}
