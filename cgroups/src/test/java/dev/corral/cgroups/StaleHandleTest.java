package dev.corral.cgroups;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.corral.Child;
import dev.corral.Command;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A handle of a group that was removed, while a later group has its name: nothing is told of that one, or done to it. */
@Tag("v2")
class StaleHandleTest extends RealGroups {
    private Cgroup earlier;
    private Cgroup later;

    @BeforeEach
    void anotherGroupTakesTheName() {
        earlier = host.create(name);
        earlier.delete();
        later = host.create(name);
    }

    @AfterEach
    void theLaterOneIsClosed() {
        host.find(name).ifPresent(Cgroup::delete);
    }

    @Test
    void noChildIsBornInIt() throws Exception {
        assertThatThrownBy(() -> {
                    try (Child child = Command.of("sleep", "600").with(earlier).start()) {
                        assertThat(later.members().pids()).doesNotContain(child.pid());
                    }
                })
                .isInstanceOf(CgroupGone.class);
    }

    @Test
    void noGroupIsMadeInIt() {
        Limits inside = Limits.none().pids(5).under(earlier);

        assertThatThrownBy(() -> host.make(inside).group().ifPresent(Cgroup::close))
                .isInstanceOf(CgroupGone.class);
        assertThatThrownBy(() -> host.make(inside.bestEffort()).group().ifPresent(Cgroup::close))
                .as("whatever may be left out")
                .isInstanceOf(CgroupGone.class);
        assertThatThrownBy(() -> earlier.child("a")).isInstanceOf(CgroupGone.class);
        assertThat(later.children()).isEmpty();
    }

    /** Where no file is missing that would give it away. */
    @Test
    void noChildIsBornInOneThatIsCountedByNobody() throws Exception {
        Availability cpu = host.availability(Controller.CPU);
        assumeTrue(cpu.ok(), cpu::describe);
        Cgroup gone = host.make(Limits.none().cpus(1)).group().orElseThrow();
        gone.delete();
        for (Path path : gone.paths()) {
            Files.createDirectory(path);
        }
        try (Cgroup stranger = host.at(gone.paths()).orElseThrow()) {
            assertThatThrownBy(() -> {
                        try (Child child = Command.of("sleep", "600").with(gone).start()) {
                            assertThat(stranger.members().pids()).doesNotContain(child.pid());
                        }
                    })
                    .isInstanceOf(CgroupGone.class);
        } finally {
            for (Path path : gone.paths()) {
                Files.delete(path);
            }
        }
    }

    @Test
    void itIsNotMarkedAsSomebodyElses() throws Exception {
        Process sleeper = shell("exec sleep 600");
        String mine = host.host().owner().orElseThrow().text();

        assertThatThrownBy(() -> earlier.handTo(sleeper.pid())).isInstanceOf(CgroupGone.class);

        assertThat(later.paths())
                .allSatisfy(path -> assertThat(host.host().tree().attribute(path, Owner.MARK))
                        .contains(mine));
    }

    @Test
    void nothingOfItIsRead() {
        Map<String, ThrowingCallable> reads = new LinkedHashMap<>();
        reads.put("file", () -> earlier.file("cgroup.procs").text());
        reads.put("words", () -> earlier.file("cgroup.procs").words());
        earlier.find(PidsV1.class).ifPresent(pids -> reads.put("pids", pids::max));
        earlier.find(PidsV2.class).ifPresent(pids -> reads.put("pids", pids::max));
        earlier.find(CpuV1.class).ifPresent(cpu -> reads.put("cpu", cpu::shares));
        earlier.find(CpuV2.class).ifPresent(cpu -> reads.put("cpu", cpu::weight));
        earlier.find(MemoryV1.class).ifPresent(memory -> reads.put("memory", memory::hardLimit));
        earlier.find(MemoryV2.class).ifPresent(memory -> reads.put("memory", memory::max));
        earlier.find(TreeV2.class).ifPresent(tree -> reads.put("tree", tree::type));
        earlier.find(Psi.class).ifPresent(pressure -> reads.put("pressure", pressure::enabled));
        earlier.subtreeControl().ifPresent(control -> reads.put("handed down", control::enabled));
        reads.put("usage", earlier::usage);
        reads.put("effective limits", earlier::effectiveLimits);
        reads.put("plan", () -> earlier.plan(Limits.none().pids(1)));

        assertThat(earlier.file("cgroup.procs").exists()).isFalse();
        reads.forEach((what, read) -> assertThatThrownBy(read).as(what).isInstanceOf(CgroupGone.class));
    }
}
