package dev.corral;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.corral.testing.Namespacing;
import dev.corral.testing.Status;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The five capability sets, as the kernel tells them of the program. */
class CapabilitySetsTest {
    private static final long CHOWN = 1;
    private static final long KILL = 1 << 5;
    private static final long BIND = 1 << 10;
    private static final int SETPCAP = 8;

    private static Confinement sets(long bounding, long permitted, long effective, long inheritable, long ambient) {
        return launch -> launch.capabilities(bounding, permitted, effective, inheritable, ambient);
    }

    private static void assertSets(Status status, long bounding, long permitted, long inheritable, long ambient) {
        assertThat(List.of(
                        status.mask("CapBnd"),
                        status.mask("CapPrm"),
                        status.mask("CapEff"),
                        status.mask("CapInh"),
                        status.mask("CapAmb")))
                .containsExactly(bounding, permitted, permitted, inheritable, ambient);
    }

    @Test
    void noneAtAllIsPossible() throws Exception {
        assertSets(Status.inside(Namespacing.all(), sets(0, 0, 0, 0, 0)), 0, 0, 0, 0);
    }

    @Test
    void rootInsideHasWhatIsPermitted() throws Exception {
        assertSets(
                Status.inside(Namespacing.all(), sets(CHOWN | KILL, CHOWN | KILL, CHOWN | KILL, 0, 0)),
                CHOWN | KILL,
                CHOWN | KILL,
                0,
                0);
        assertSets(
                Status.inside(Namespacing.all(), sets(CHOWN | KILL | BIND, KILL, KILL, BIND, 0)),
                CHOWN | KILL | BIND,
                KILL,
                BIND,
                0);
    }

    @Test
    void anotherUserHasTheAmbientOnes() throws Exception {
        Namespacing.assumeManyIds();
        long both = CHOWN | BIND;
        assertSets(
                Status.inside(
                        Namespacing.all(), Identity.of(5, 5), sets(both | KILL, both | KILL, both | KILL, both, BIND)),
                both | KILL,
                BIND,
                both,
                BIND);
    }

    @Test
    void anotherUserHasTheAmbientOnesOfTheHostToo() throws Exception {
        Namespacing.assumeMayBecome(4711);
        assertSets(Status.inside(Identity.of(4711, 4711), sets(BIND, BIND, BIND, BIND, BIND)), BIND, BIND, BIND, BIND);
    }

    @Test
    void anotherUserHasNoneThatAreNotAmbient() throws Exception {
        Namespacing.assumeManyIds();
        assertSets(
                Status.inside(Namespacing.all(), Identity.of(5, 5), sets(KILL, KILL, KILL, KILL, 0)), KILL, 0, KILL, 0);
    }

    @Test
    void anAmbientOneThatIsNotInheritableIsRefusedByItsNumber() {
        Namespacing.assumeHas(Feature.USER_NAMESPACE);
        PrivilegeFailed failed = catchThrowableOfType(
                PrivilegeFailed.class, () -> Status.inside(Namespacing.all(), sets(BIND, BIND, BIND, 0, BIND)));
        assertThat(failed.failure().orElseThrow().step()).isEqualTo("caps.ambient");
        assertThat(failed).hasMessageContaining("EPERM on capability 10");
    }

    @Test
    void moreThanTheJvmHasIsRefused() throws Exception {
        Status own = Status.of(ProcessHandle.current().pid());
        long lacking = Long.lowestOneBit(~own.mask("CapPrm"));
        assumeThat(Long.numberOfTrailingZeros(lacking))
                .as("the JVM has all capabilities")
                .isLessThanOrEqualTo(40);
        assumeThat(own.mask("CapBnd") == 0 || (own.mask("CapEff") >> SETPCAP & 1) == 1)
                .as("needs CAP_SETPCAP, or nothing to drop")
                .isTrue();
        PrivilegeFailed failed =
                catchThrowableOfType(PrivilegeFailed.class, () -> Status.inside(sets(lacking, lacking, lacking, 0, 0)));
        assertThat(failed.failure().orElseThrow().step()).isEqualTo("caps.set");
        assertThat(failed.failure().orElseThrow().errnoName()).isEqualTo("EPERM");
    }

    @Test
    void droppingFromTheBoundingSetTakesPrivilege() throws Exception {
        Status own = Status.of(ProcessHandle.current().pid());
        assumeThat((own.mask("CapEff") >> SETPCAP & 1) == 0 && own.mask("CapBnd") != 0)
                .as("needs a JVM without CAP_SETPCAP but with a bounding set")
                .isTrue();
        PrivilegeFailed failed = catchThrowableOfType(PrivilegeFailed.class, () -> Status.inside(sets(0, 0, 0, 0, 0)));
        assertThat(failed.failure().orElseThrow().step()).isEqualTo("caps.bounding");
    }

    /** All that there is, and no more: nothing of it has to be dropped, whatever numbers the kernel does not know. */
    @Test
    void keepingTheBoundingSetTakesNoPrivilege() throws Exception {
        long bounding = Status.of(ProcessHandle.current().pid()).mask("CapBnd");
        assertSets(Status.inside(sets(bounding, 0, 0, 0, 0)), bounding, 0, 0, 0);
    }

    @Test
    void twoConfinementsCanNotBothChooseThem() {
        assertThatThrownBy(() -> Status.inside(sets(0, 0, 0, 0, 0), sets(1, 1, 1, 0, 0)))
                .isInstanceOf(ImpossibleLaunch.class)
                .hasMessageContaining("two confinements choose its capabilities");
    }
}
