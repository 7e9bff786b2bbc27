package dev.corral.cgroups;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.corral.internal.linux.LibC;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What the ordinary owner of a delegated part of the tree may not do. That everything can be done below it is tested by running
 * the other tests there.
 */
@Tag("v2")
class DelegatedOwnerTest {
    private static final Path ROOT = Path.of("/sys/fs/cgroup");

    private Path top = ROOT;

    @BeforeEach
    void needsADelegatedGroup() {
        assumeTrue(
                RealGroup.delegated().isPresent() && LibC.effectiveUser() != 0,
                "needs an ordinary user in a delegated part of a version 2 tree, and -Dcorral.test.delegated");
        top = Path.of(ROOT + RealGroup.delegated().orElseThrow());
    }

    @Test
    void aGroupAboveTheDelegatedOneIsSomebodyElses() throws Exception {
        Cgroups above = RealGroup.seenFrom("/");

        for (Controller controller : Controller.values()) {
            assertThat(above.availability(controller))
                    .isInstanceOfSatisfying(
                            Availability.NotDelegated.class,
                            denied -> assertThat(denied.owner()).isZero());
        }
        assertThatThrownBy(() -> above.create("corral-test-above"))
                .isInstanceOf(NotDelegated.class)
                .hasMessageContaining("owned by root");
        assertThat(ROOT.resolve("corral-test-above")).doesNotExist();
    }

    @ParameterizedTest
    @CsvSource({"memory.max,max", "cpu.max,max", "pids.max,max", "cpuset.cpus,0", "cgroup.freeze,1", "cgroup.kill,1"})
    void itsOwnLimitsAndStateAreSetByWhoDelegated(String file, String value) {
        assertThat(top.resolve(file)).exists();
        assertThatThrownBy(() -> Files.writeString(top.resolve(file), value + "\n", StandardOpenOption.WRITE))
                .isInstanceOf(AccessDeniedException.class);
    }

    @Test
    void nobodyLeavesIt() {
        assertThatThrownBy(() -> Files.writeString(ROOT.resolve("cgroup.procs"), "0\n", StandardOpenOption.WRITE))
                .isInstanceOf(AccessDeniedException.class);
        assertThatThrownBy(() -> Files.delete(top)).isInstanceOf(AccessDeniedException.class);
    }
}
