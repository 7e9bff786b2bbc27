package dev.corral;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.corral.internal.linux.LibC;
import dev.corral.testing.ForkedJvm;
import dev.corral.testing.Namespacing;
import dev.corral.testing.Outputs;
import dev.corral.testing.Privilege;
import dev.corral.testing.Status;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.Test;

/** What is gone on without where a host refuses it, when that was asked for, and what is told of it. */
class BestEffortTest {
    private static final Confinement KEYRING = new Confinement() {
        @Override
        public void prepare(Launch launch) {
            launch.newKeyring();
        }

        @Override
        public String toString() {
            return "a new one";
        }
    };

    private static List<String> dropped(Child child) {
        return child.applied().dropped().stream().map(Applied.Entry::feature).toList();
    }

    @Test
    void whatIsRefusedIsLeftOutAndTheRestHolds() throws Exception {
        boolean lower = Privilege.SYS_RESOURCE.isForTheHost();
        Scheduling how = Scheduling.inherited().nice(7).oomScoreAdj(-900);
        try (Child child = Command.of("cat").with(how.bestEffort()).start()) {
            String score = Files.readString(Path.of("/proc/" + child.payloadPid() + "/oom_score_adj"));
            assertThat(score.equals("-900\n")).isEqualTo(lower);
            assertThat(Files.readString(Path.of("/proc/" + child.payloadPid() + "/stat"))
                            .split(" ", -1)[18])
                    .isEqualTo("7");
            assertThat(dropped(child)).isEqualTo(lower ? List.of() : List.of("oom_score_adj"));
            assertThat(child.applied().entries())
                    .anySatisfy(entry ->
                            assertThat(entry.feature() + " " + entry.readBack()).isEqualTo("nice Optional[7]"));
        }
    }

    @Test
    void whatIsDroppedSaysWhy() throws Exception {
        Privilege.SYS_NICE.assumeNotForTheHost();
        Scheduling how = Scheduling.inherited().nice(-20).cpus(8191).policy(Scheduling.Policy.FIFO);
        try (Child child = Command.of("true").with(how.bestEffort()).start()) {
            assertThat(dropped(child)).containsExactly("nice", "scheduling policy", "cpus");
            assertThat(child.applied().dropped().get(0).note()).contains("CAP_SYS_NICE");
            assertThat(child.applied().dropped().get(0).requested()).isEqualTo("-20");
        }
    }

    @Test
    void hardLimitsThatMayNotBeRaisedStay() throws Exception {
        Privilege.SYS_RESOURCE.assumeNotForTheHost();
        Rlimits limits = Rlimits.none().with(Rlimit.NICE, 39, 40).with(Rlimit.CORE, 0);
        try (Child child =
                Command.of("cat", "/proc/self/limits").with(limits.bestEffort()).start()) {
            assertThat(dropped(child)).containsExactly("RLIMIT_NICE");
            assertThat(child.applied().dropped().get(0).note())
                    .contains("EPERM")
                    .contains("CAP_SYS_RESOURCE");
            assertThat(Outputs.of(child)).containsPattern("Max core file size +0 +0 ");
        }
    }

    @Test
    void anyConfinementMayBeLeftOut() throws Exception {
        Confinement impossible = Identity.of(4711, 4711);
        boolean possible = Privilege.SETUID.isHere() && Namespacing.exists(4711);
        try (Child child = Command.of("cat", "/proc/self/status")
                .with(impossible.bestEffort("other user"))
                .with(KEYRING.bestEffort("keyring"))
                .start()) {
            Status status = Status.parse(Outputs.of(child));
            assertThat(status.get("Uid").startsWith("4711")).isEqualTo(possible);
            assertThat(dropped(child).contains("other user")).isEqualTo(!possible);
            assertThat(child.applied().entries())
                    .extracting(Applied.Entry::feature, Applied.Entry::requested)
                    .contains(Tuple.tuple("keyring", "a new one"));
        }
    }

    @Test
    void groupsThatCanNotBeSetAreTold() throws Exception {
        Namespacing.assumeHas(Feature.USER_NAMESPACE);
        assumeThat(LibC.effectiveUser()).as("needs root by name").isZero();
        Privilege.SETPCAP.assumeHere(); // to have the other one no more
        assumeThat(Files.readString(Path.of("/proc/self/setgroups")))
                .as("who may set groups in this user namespace")
                .startsWith("allow");
        List<String> line = new ArrayList<>(List.of("setpriv", "--groups=4711,0,4712", "--bounding-set=-setgid"));
        line.addAll(ForkedJvm.commandLine(Grouped.class));
        assertThat(ForkedJvm.run(new ProcessBuilder(line)).ok().output())
                .isEqualTo(
                        "[supplementary groups: the JVM's stay (4711, 4712): without CAP_SETGID they can't be set]\n");
    }

    @Test
    void theOwnGroupIsNoneToBeTold() {
        assertThat(KeptGroups.of("Name:\tjava\nGroups:\t1001 \n", 1001)).isEqualTo(Applied.none());
        assertThat(KeptGroups.of("Groups:\t \n", 1001)).isEqualTo(Applied.none());
        assertThat(KeptGroups.of("Groups:\t27 1001 \n", 1001).dropped()).hasSize(1);
    }

    /** Maps its own ids alone, and tells what is dropped. */
    static final class Grouped {
        private Grouped() {}

        public static void main(String[] arguments) throws Exception {
            List<Launch.IdRange> own = List.of(new Launch.IdRange(0, 0, 1));
            try (Child child = Command.of("true")
                    .with(launch -> launch.namespaces(List.of("user")).idMaps(own, own))
                    .start()) {
                System.out.println(child.applied().dropped().stream()
                        .map(entry -> entry.feature() + ": " + entry.note())
                        .toList());
            }
        }
    }
}
