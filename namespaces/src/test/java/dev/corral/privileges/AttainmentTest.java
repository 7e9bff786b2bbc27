package dev.corral.privileges;

import static dev.corral.privileges.Capability.CAP_CHOWN;
import static dev.corral.privileges.Capability.CAP_KILL;
import static dev.corral.privileges.Capability.CAP_NET_BIND_SERVICE;
import static dev.corral.privileges.Capability.CAP_SETPCAP;
import static org.assertj.core.api.Assertions.assertThat;

import dev.corral.Applied;
import dev.corral.Child;
import dev.corral.Command;
import dev.corral.Confinement;
import dev.corral.namespaces.NamespaceType;
import dev.corral.namespaces.Namespaces;
import java.nio.charset.StandardCharsets;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.Test;

/** What is left of privileges where the JVM lacks some. */
class AttainmentTest {
    private static final CapabilitySet NONE = CapabilitySet.none();

    private static Held held(CapabilitySet bounding, CapabilitySet permitted) {
        return new Held(bounding, permitted);
    }

    private static String status(Confinement... confinements) throws Exception {
        Command command = Command.of("cat", "/proc/self/status");
        for (Confinement confinement : confinements) {
            command = command.with(confinement);
        }
        try (Child child = command.start()) {
            String text = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(child.await().ok()).isTrue();
            return text;
        }
    }

    @Test
    void whoHasAllGivesAll() {
        Privileges wanted = Privileges.of(CAP_CHOWN, CAP_KILL).acrossExec();
        Attainment all = Attainment.of(wanted, held(CapabilitySet.all(), CapabilitySet.all()));
        assertThat(all.privileges()).isEqualTo(wanted);
        assertThat(all.applied().dropped()).isEmpty();
        assertThat(all.applied().entries()).hasSize(1);
    }

    @Test
    void whatIsLackingIsNamed() {
        Privileges wanted = Privileges.of(CAP_CHOWN, CAP_KILL).acrossExec();
        CapabilitySet some = CapabilitySet.of(CAP_KILL, CAP_SETPCAP);
        Attainment less = Attainment.of(wanted, held(some, some));
        assertThat(less.privileges()).isEqualTo(Privileges.of(CAP_KILL).acrossExec());
        assertThat(less.applied().dropped())
                .extracting(Applied.Entry::note)
                .containsExactly("the JVM has no CAP_CHOWN");
    }

    @Test
    void withoutTheRightToDropTheBoundingSetStays() {
        CapabilitySet bounding = CapabilitySet.of(CAP_KILL, CAP_NET_BIND_SERVICE);
        Attainment none = Attainment.of(Privileges.none(), held(bounding, NONE));
        assertThat(none.privileges()).isEqualTo(new Privileges(bounding, NONE, NONE, NONE, NONE));
        assertThat(none.applied().dropped())
                .extracting(Applied.Entry::feature, Applied.Entry::note)
                .containsExactly(Tuple.tuple("bounding set", "it stays: to drop takes CAP_SETPCAP"));
        assertThat(Attainment.of(Privileges.none(), held(NONE, NONE)).applied().dropped())
                .as("there is nothing to drop")
                .isEmpty();
    }

    @Test
    void rootGivesWhatItsBoundingSetHoldsAndOthersTheAmbientOnes() {
        String status = "CapBnd:\t0000000000000021\nCapAmb:\t0000000000000020\n";
        assertThat(Held.of(status, true))
                .isEqualTo(held(CapabilitySet.of(CAP_CHOWN, CAP_KILL), CapabilitySet.of(CAP_CHOWN, CAP_KILL)));
        assertThat(Held.of(status, false))
                .isEqualTo(held(CapabilitySet.of(CAP_CHOWN, CAP_KILL), CapabilitySet.of(CAP_KILL)));
    }

    /** By whoever runs the tests: without the opt-in an ordinary user may not even drop. */
    @Test
    void aProgramStartsWithWhatThereIs() throws Exception {
        assertThat(status(Privileges.none().bestEffort())).contains("CapEff:\t0000000000000000");
        assertThat(status(Privileges.of(CAP_KILL).acrossExec().bestEffort())).contains("Uid:");
    }

    @Test
    void inAUserNamespaceNothingIsLacking() throws Exception {
        Confinement user = Namespaces.unshare(NamespaceType.USER);
        try (Child child = Command.of("cat")
                .with(Privileges.of(CAP_KILL).bestEffort()) // whichever comes first
                .with(user)
                .start()) {
            assertThat(child.applied().dropped())
                    .noneMatch(entry -> entry.feature().equals("capabilities"));
        }
        assertThat(status(Privileges.of(CAP_KILL).bestEffort(), user)).contains("CapEff:\t0000000000000020");
    }

    @Test
    void aFilterIsInForceWhereTheKernelHasThem() throws Exception {
        assertThat(status(Seccomp.defaultProfile().bestEffort())).contains("Seccomp:\t2");
        try (Child child =
                Command.of("true").with(Seccomp.defaultProfile().bestEffort()).start()) {
            assertThat(child.applied().dropped()).isEmpty();
            assertThat(child.applied().entries())
                    .extracting(Applied.Entry::feature)
                    .contains("seccomp filter");
        }
    }
}
