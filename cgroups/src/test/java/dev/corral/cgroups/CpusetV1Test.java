package dev.corral.cgroups;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.corral.Applied;
import dev.corral.internal.linux.Errno;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CpusetV1Test {
    private static final CpuSet FIRST = CpuSet.of(0);
    private static final CpuSet SECOND = CpuSet.of(1);
    private static final CpuSet BOTH = CpuSet.range(0, 1);

    private static final long SEED = 20_240_601;

    private final Stage stage = Stage.v1("cpuset");
    private final CpusetV1 cpuset = stage.controller(CpusetV1.class);

    @BeforeEach
    void needsTwoCpus() {
        assumeTrue(cpuset.cpus().containsAll(BOTH), "needs the CPUs 0 and 1");
    }

    @AfterEach
    void nothingIsLeft() {
        stage.close();
    }

    @Test
    void aNewGroupHasWhatTheGroupAboveHas() {
        GroupDirectory above = cpuset.group().upwards().get(1);

        assertThat(cpuset.cpus())
                .hasToString(above.text("cpuset.cpus").orElseThrow().strip());
        assertThat(cpuset.mems())
                .hasToString(above.text("cpuset.mems").orElseThrow().strip());
        assertThat(cpuset.cpuExclusive()).isFalse();
    }

    @Test
    void anEmptyGroupIsFilledFromTheNearestAboveThatHasSomething() {
        GroupDirectory middle = stage.below(cpuset, "middle");
        GroupDirectory low = middle.child("low");
        cpuset.cpus(FIRST);

        CpusetV1.initialise(low);

        assertThat(new CpusetV1(low).cpus()).isEqualTo(FIRST);
        assertThat(new CpusetV1(middle).cpus()).isEqualTo(FIRST);
        assertThat(new CpusetV1(low).mems()).isEqualTo(cpuset.mems());
    }

    @Test
    void aProcessCanBeMovedInAtOnce() {
        stage.needsRealKernel();

        assertThat(stage.inside("exec sleep 600", cpuset).isAlive()).isTrue();
    }

    @Test
    void growingBeginsAboveAndShrinkingBelow() {
        cpuset.cpus(BOTH);
        CpusetV1 same = below("same");
        CpusetV1 less = below("less");
        less.cpus(FIRST);

        cpuset.cpus(FIRST);
        assertThat(same.cpus()).as("it had all that the group above had").isEqualTo(FIRST);
        assertThat(less.cpus()).isEqualTo(FIRST);

        cpuset.cpus(BOTH);
        assertThat(cpuset.cpus()).isEqualTo(BOTH);
        assertThat(same.cpus()).isEqualTo(BOTH);
        assertThat(less.cpus()).isEqualTo(BOTH);
    }

    @Test
    void aSetWithNothingInCommonReachesEveryGroupBelow() {
        CpusetV1 middle = below("middle");
        CpusetV1 low = new CpusetV1(middle.group().child("low"));
        CpusetV1.initialise(low.group());
        low.cpus(FIRST);
        middle.cpus(BOTH);
        low.cpus(FIRST);
        if (stage.isReal()) {
            stage.inside("exec sleep 600", low);
        }

        Applied applied = cpuset.cpus(SECOND);

        assertThat(applied.entries())
                .extracting(Applied.Entry::readBack)
                .allMatch(kept -> kept.orElse("").equals("1"));
        assertThat(low.cpus()).isEqualTo(SECOND);
        assertThat(middle.cpus()).isEqualTo(SECOND);
        assertThat(cpuset.cpus()).isEqualTo(SECOND);
    }

    /** The kernel, real or fake, refuses each write that breaks the rule between a group and those below it. */
    @Test
    void anySetReachesAnyTree() {
        Random random = new Random(SEED);
        CpuSet all = cpuset.cpus();
        List<CpusetV1> groups = new ArrayList<>(List.of(cpuset));
        for (int i = 0; i < 6; i++) {
            GroupDirectory group =
                    groups.get(random.nextInt(groups.size())).group().child("g" + i);
            CpusetV1.initialise(group);
            groups.add(new CpusetV1(group));
        }
        for (int round = 0; round < 60; round++) {
            CpusetV1 group = groups.get(random.nextInt(groups.size()));
            CpuSet above = group == cpuset
                    ? all
                    : CpuSet.parse(
                            group.group().upwards().get(1).text("cpuset.cpus").orElseThrow());
            CpuSet wanted = some(above, random);

            group.cpus(wanted);

            assertThat(group.cpus()).as("round %d of seed %d", round, SEED).isEqualTo(wanted);
            assertThat(groups)
                    .as("round %d of seed %d", round, SEED)
                    .noneMatch(each -> each.cpus().isEmpty());
        }
    }

    private static CpuSet some(CpuSet of, Random random) {
        List<Integer> numbers = new ArrayList<>(of.numbers());
        Collections.shuffle(numbers, random);
        return CpuSet.of(numbers.subList(0, 1 + random.nextInt(numbers.size())));
    }

    /** The errno is injected: a group below that has more is made to follow before the kernel can object. */
    @Test
    void aGroupBelowThatGotMoreMeanwhileIsNamed() {
        FakeKernel fake = stage.fake();
        CpusetV1 below = below("below");
        fake.fail("write " + cpuset.path().resolve("cpuset.cpus"), Errno.EBUSY);
        fake.fail("write " + below.path().resolve("cpuset.cpus"), Errno.EBUSY);

        assertThatThrownBy(() -> below.cpus(FIRST)).hasMessageContaining("EBUSY, a group below has more");
        assertThatThrownBy(() -> new CpusetTree(cpuset.group(), "cpuset.cpus").set(CpuSet.none(), Pen.writing()))
                .isInstanceOf(InvalidLimit.class);
        assertThat(CpusetV1.refused(
                        cpuset.group(),
                        "cpuset.cpus",
                        FIRST,
                        new KernelRefused(Failure.of("write", cpuset.path()).errno("EBUSY"), null)))
                .hasMessageContaining("EBUSY, the group below, " + below.path() + " has 0-3");
    }

    @Test
    void aSetThatIsInPlaceIsNotWritten() {
        Applied applied = cpuset.cpus(cpuset.cpus());

        assertThat(applied.entries()).hasSize(1);
        assertThat(applied.entries().get(0).written()).isEmpty();
    }

    @Test
    void moreThanTheGroupAboveNamesIt() {
        CpusetV1 below = below("below");
        cpuset.cpus(FIRST);

        assertThatThrownBy(() -> below.cpus(BOTH))
                .isInstanceOf(UnsupportedLimit.class)
                .hasMessageContaining("EACCES, the group above, " + cpuset.path() + ", has only 0");
    }

    @Test
    void aCpuThatDoesNotExistIsNamed() {
        CpuSet all = CpuSet.parse(cpuset.group()
                .upwards()
                .get(cpuset.group().upwards().size() - 1)
                .text("cpuset.cpus")
                .orElseThrow());
        CpuSet beyond = CpuSet.of(all.numbers().get(all.size() - 1) + 1);

        assertThatThrownBy(() -> cpuset.cpus(beyond))
                .isInstanceOf(UnsupportedLimit.class)
                .hasMessageContaining("cpu " + beyond + " does not exist, there are " + all);
        assertThatThrownBy(() -> cpuset.mems(CpuSet.of(63)))
                .isInstanceOf(UnsupportedLimit.class)
                .hasMessageContaining("memory node 63 does not exist, there are ");
    }

    @Test
    void anEmptySetIsRefused() {
        assertThatThrownBy(() -> cpuset.cpus(CpuSet.none()))
                .isInstanceOf(InvalidLimit.class)
                .hasMessageContaining("an empty list would keep every process out");
    }

    @Test
    void switchesAreSwitches() {
        assertThat(cpuset.memoryMigrate(true).readBack()).contains("1");
        assertThat(cpuset.memoryMigrate()).isTrue();
        assertThat(cpuset.loadBalance(false).readBack()).contains("0");
        assertThat(cpuset.loadBalance()).isFalse();
        assertThat(cpuset.memExclusive()).isFalse();
        assertThat(cpuset.effectiveCpus()).isPresent();
        assertThat(cpuset.effectiveMems()).isPresent();
    }

    private CpusetV1 below(String name) {
        GroupDirectory group = stage.below(cpuset, name);
        CpusetV1.initialise(group);
        return new CpusetV1(group);
    }
}
