package dev.corral;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.corral.testing.Namespacing;
import dev.corral.testing.Outputs;
import dev.corral.testing.Privilege;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The kernel's limits for one process, as the program finds them. */
class RlimitsTest {
    private static final int NAME = 26;
    private static final int VALUE = 21;

    /** Soft and hard value of each line of /proc/self/limits. */
    private static Map<String, String> inside(Confinement... confinements) throws Exception {
        Command command = Command.of("cat", "/proc/self/limits");
        for (Confinement confinement : confinements) {
            command = command.with(confinement);
        }
        return Outputs.of(command)
                .lines()
                .skip(1)
                .collect(Collectors.toMap(
                        line -> line.substring(0, NAME).strip(),
                        line -> value(line, NAME) + ":" + value(line, NAME + VALUE)));
    }

    private static String value(String line, int from) {
        return line.substring(from, Math.min(line.length(), from + VALUE)).strip();
    }

    @ParameterizedTest
    @CsvSource({
        "CPU,         Max cpu time,          1000,       1001",
        "FSIZE,       Max file size,         1000000,    2000000",
        "DATA,        Max data size,         1000000000, 2000000000",
        "STACK,       Max stack size,        4194304,    8388608",
        "CORE,        Max core file size,    0,          4096",
        "RSS,         Max resident set,      1000000000, 2000000000",
        "NPROC,       Max processes,         4000,       5000",
        "NOFILE,      Max open files,        50,         100",
        "MEMLOCK,     Max locked memory,     16384,      32768",
        "AS,          Max address space,     3000000000, 4000000000",
        "LOCKS,       Max file locks,        10,         20",
        "SIGPENDING,  Max pending signals,   100,        200",
        "MSGQUEUE,    Max msgqueue size,     1000,       2000",
        "NICE,        Max nice priority,     0,          0",
        "RTPRIO,      Max realtime priority, 0,          0",
        "RTTIME,      Max realtime timeout,  1000000,    2000000"
    })
    void eachCanBeLowered(Rlimit which, String name, long soft, long hard) throws Exception {
        assertThat(inside(Rlimits.none().with(which, soft, hard))).containsEntry(name, soft + ":" + hard);
    }

    @Test
    void allTogetherHoldInAContainerToo() throws Exception {
        Rlimits limits =
                Rlimits.none().with(Rlimit.NOFILE, 64).with(Rlimit.CORE, 0).with(Rlimit.FSIZE, 0, Rlimit.UNLIMITED);
        assertThat(inside(Namespacing.all(), limits))
                .containsEntry("Max open files", "64:64")
                .containsEntry("Max core file size", "0:0")
                .containsEntry("Max file size", "0:unlimited");
    }

    @Test
    void theTightestBreaksTheProgramAndNotTheSetUp() throws Exception {
        Command command =
                Command.of("cat", "/proc/self/comm").with(Rlimits.none().with(Rlimit.NOFILE, 4));
        assertThat(Outputs.of(command)).isEqualTo("cat\n");
    }

    @Test
    void aFileThatGrowsBeyondIsTheEnd() throws Exception {
        try (Child child = Command.of("dd", "if=/dev/zero", "of=/dev/shm/corral-fsize-" + System.nanoTime(), "bs=8192")
                .with(Rlimits.none().with(Rlimit.FSIZE, 0))
                .start()) {
            assertThat(child.await().terminatedBy()).map(Signal::toString).contains("SIGXFSZ");
        } finally {
            Outputs.of(Command.of("sh", "-c", "rm -f /dev/shm/corral-fsize-*"));
        }
    }

    @Test
    void whatIsNotSetIsTheJvms() throws Exception {
        assertThat(inside()).isEqualTo(inside(Rlimits.none()));
    }

    @Test
    void moreThanTheJvmsHardLimitTakesPrivilege() throws Exception {
        Rlimits more = Rlimits.none().with(Rlimit.NICE, 39, 40);
        if (Privilege.SYS_RESOURCE.isForTheHost()) {
            assertThat(inside(more)).containsEntry("Max nice priority", "39:40");
            return;
        }
        assumeThat(inside()).as("the JVM may already").containsEntry("Max nice priority", "0:0");
        PrivilegeFailed failed = catchThrowableOfType(PrivilegeFailed.class, () -> inside(more));
        assertThat(failed.failure().orElseThrow().step()).isEqualTo("rlimits.raise");
        assertThat(failed).hasMessageContaining("EPERM on RLIMIT_NICE 39:40");
    }

    @Test
    void theSoftLimitMayBeRaisedToTheHardOne() throws Exception {
        Map<String, String> own = inside();
        assumeThat(own.get("Max stack size")).as("needs an unlimited hard one").isEqualTo("8388608:unlimited");
        assertThat(inside(Rlimits.none().with(Rlimit.STACK, 16777216, Rlimit.UNLIMITED)))
                .containsEntry("Max stack size", "16777216:unlimited");
    }

    @Test
    void badValuesAreRefusedWhereTheyAreGiven() {
        assertThatThrownBy(() -> Rlimits.none().with(Rlimit.CPU, 2, 1))
                .hasMessage("rlimit 2 1: the soft one is above the hard one");
        assertThatThrownBy(() -> Rlimits.none().with(Rlimit.CPU, Rlimit.UNLIMITED, 1))
                .hasMessageContaining("unlimited 1");
        assertThatThrownBy(() -> Rlimits.none().with(Rlimit.CPU, -2)).hasMessageContaining("UNLIMITED");
        assertThat(Rlimits.none().with(Rlimit.CPU, 1))
                .isEqualTo(Rlimits.none().with(Rlimit.CPU, 1, 1))
                .hasSameHashCodeAs(Rlimits.none().with(Rlimit.CPU, 1, 1))
                .hasToString("Rlimits{CPU=1:1}");
    }
}
