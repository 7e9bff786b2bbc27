package dev.corral.cgroups;

import static dev.corral.ByteSize.gibibytes;
import static dev.corral.ByteSize.mebibytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.corral.Cause;
import dev.corral.Exit;
import dev.corral.internal.linux.Errno;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ExitWatchTest {
    private static final int SIGKILL = 9;
    private static final int EXIT_1 = 256;
    private static final Limits LIMITS =
            Limits.none().memory(mebibytes(256)).cpus(2).pids(64);
    private static final Path ABOVE = Path.of("/sys/fs/cgroup/memory/jobs/d7054");

    private final FakeKernel v1 = new FakeKernel("6.18-hybrid");
    private final FakeKernel v2 = new FakeKernel("6.1-container-v2");
    private final Cgroup old = v1.boot().make(LIMITS).group().orElseThrow();
    private final Cgroup unified = v2.boot().make(LIMITS).group().orElseThrow();
    private final Path memory = old.path(Controller.MEMORY).orElseThrow();

    @Test
    void aKillAtTheLimitIsOutOfMemory() {
        ExitWatch watch = watch(unified);
        v2.set(unified.path().resolve("memory.events"), "max 9\noom 1\noom_kill 1");
        v2.set(unified.path().resolve("memory.peak"), "268435456");

        Exit exit = watch.explain(ended(SIGKILL));

        assertThat(exit).hasToString("killed by SIGKILL in 0.3 s: out of memory (limit 256 MiB)");
        assertThat(exit.details().peakMemory()).contains(mebibytes(256));
        assertThat(exit.cause(LimitCause.OutOfMemory.class))
                .contains(new LimitCause.OutOfMemory(
                        Optional.of(mebibytes(256)), Optional.of(mebibytes(256)), Optional.of(unified.path())));
    }

    @Test
    void version1CountsFailuresOrShowsItsPeak() {
        ExitWatch counted = watch(old);
        ExitWatch peaked = watch(old);
        v1.set(memory.resolve("memory.oom_control"), "oom_kill_disable 0\nunder_oom 0\noom_kill 1");

        v1.set(memory.resolve("memory.failcnt"), "77");
        assertThat(owner(counted)).contains(memory);
        v1.set(memory.resolve("memory.failcnt"), "0");
        v1.set(memory.resolve("memory.max_usage_in_bytes"), "268435456");
        assertThat(owner(peaked)).contains(memory);
    }

    @Test
    void theLimitMayBeThatOfAGroupAbove() {
        v1.set(ABOVE.resolve("memory.limit_in_bytes"), "1073741824");
        ExitWatch watch = watch(old);
        v1.set(memory.resolve("memory.oom_control"), "oom_kill 1");
        v1.set(ABOVE.resolve("memory.failcnt"), "5");

        LimitCause.OutOfMemory cause = watch.explain(ended(SIGKILL))
                .cause(LimitCause.OutOfMemory.class)
                .orElseThrow();

        assertThat(cause.owner()).contains(ABOVE);
        assertThat(cause.limit()).contains(gibibytes(1));
    }

    @Test
    void withoutAVisibleOwnerItSaysSo() {
        ExitWatch watch = watch(old);
        v1.set(memory.resolve("memory.oom_control"), "oom_kill 1");

        Exit exit = watch.explain(ended(SIGKILL));

        assertThat(exit.cause(LimitCause.OutOfMemory.class).orElseThrow().limit())
                .isEmpty();
        assertThat(exit.toString()).endsWith("out of memory (of the machine, or of a group above those visible here)");
    }

    @Test
    void sigkillWithoutARiseIsSomebodyElses() {
        v2.set(unified.path().resolve("memory.events"), "oom 3\noom_kill 3");

        assertThat(watch(unified).explain(ended(SIGKILL)).details().causes()).isEmpty();
    }

    /** Its handle was used to kill the group while the child ran. */
    @Test
    void aKillOfTheGroupIsTheCause() {
        AtomicInteger kills = new AtomicInteger(3);
        ExitWatch watch = new ExitWatch(Charged.of(unified), 2, kills::get);
        assertThat(watch.explain(ended(SIGKILL)).details().causes()).isEmpty();

        kills.incrementAndGet();

        assertThat(watch.explain(ended(SIGKILL)).details().causes()).containsExactly(new Cause.Killed());
        assertThat(watch.explain(ended(EXIT_1)).details().causes())
                .as("it ended by itself")
                .isEmpty();
        Exit killedByUs = ended(SIGKILL).with(ended(SIGKILL).details().cause(new Cause.Killed()));
        assertThat(watch.explain(killedByUs).details().causes()).as("once").containsExactly(new Cause.Killed());
        v2.set(unified.path().resolve("memory.events"), "oom 1\noom_kill 1");
        assertThat(watch.explain(ended(SIGKILL)).cause(LimitCause.OutOfMemory.class))
                .as("that it died of it is not known")
                .isEmpty();
    }

    @Test
    void swapThatIsFullCountsAsTheLimitToo() {
        ExitWatch bySum = watch(old);
        ExitWatch byPeak = watch(old);
        v1.set(memory.resolve("memory.oom_control"), "oom_kill 1");
        v1.set(memory.resolve("memory.memsw.failcnt"), "1");
        assertThat(owner(bySum)).contains(memory);

        v1.set(memory.resolve("memory.memsw.failcnt"), "0");
        v1.set(memory.resolve("memory.memsw.max_usage_in_bytes"), "268435456");
        assertThat(owner(byPeak)).contains(memory);
    }

    /** The kernel kills for want of up to eight pages in a row. */
    @Test
    void aPeakOfEightPagesBelowTheLimitIsFull() {
        ExitWatch watch = watch(old);
        v1.set(memory.resolve("memory.oom_control"), "oom_kill 1");
        v1.set(memory.resolve("memory.max_usage_in_bytes"), Long.toString((256 << 20) - 8 * 4096));
        assertThat(owner(watch)).contains(memory);
        v1.set(memory.resolve("memory.max_usage_in_bytes"), Long.toString((256 << 20) - 8 * 4096 - 1));
        assertThat(owner(watch)).isEmpty();
    }

    @Test
    void aGroupAboveThatWasFullBeforeIsNotTheOne() {
        v1.set(ABOVE.resolve("memory.limit_in_bytes"), "1073741824");
        v1.set(ABOVE.resolve("memory.max_usage_in_bytes"), "1073741824");
        v1.set(ABOVE.resolve("memory.failcnt"), "5");
        ExitWatch watch = watch(old);
        v1.set(memory.resolve("memory.oom_control"), "oom_kill 1");
        assertThat(owner(watch)).isEmpty();
    }

    @Test
    void aRiseWithAnotherEndIsThatOfADescendant() {
        ExitWatch watch = watch(unified);
        v2.set(unified.path().resolve("memory.events"), "oom 1\noom_kill 1");
        Exit killedByUs = ended(SIGKILL).with(ended(SIGKILL).details().cause(new Cause.Killed()));

        assertThat(watch.explain(ended(EXIT_1)))
                .hasToString("exited 1 in 0.3 s: a process it had started was killed, out of memory (limit 256 MiB)");
        assertThat(watch.explain(killedByUs).cause(LimitCause.OutOfMemory.class))
                .isEmpty();
        assertThat(watch.explain(killedByUs).cause(LimitCause.DescendantOutOfMemory.class))
                .isPresent();
    }

    @Test
    void theLimitAndThePeakAreWhatTheyWereAtTheEnd() {
        v2.set(unified.path().resolve("memory.peak"), "91226112");

        assertThat(watch(unified).explain(ended(0))).hasToString("exited 0 in 0.3 s, peak memory 87 MiB");
    }

    @Test
    void aGroupThatIsGoneExplainsNothing() {
        ExitWatch watch = watch(unified);
        v2.fail("read " + unified.path().resolve("memory.peak"), Errno.ENODEV);

        assertThatThrownBy(() -> watch.explain(ended(SIGKILL))).isInstanceOf(CgroupGone.class);
    }

    @Test
    void version2AsksTheLimitOfEachGroupAlone() {
        Path above = v2.boot().create("above").path();
        v2.set(above.resolve("memory.max"), "1073741824");
        v2.set(above.resolve("memory.events.local"), "oom 0\noom_kill 0");
        Cgroup below = unifiedBelow(above);
        v2.set(below.path().resolve("memory.events.local"), "oom 0\noom_kill 0");
        ExitWatch byNobody = watch(below);
        ExitWatch byTheGroupAbove = watch(below);
        v2.set(below.path().resolve("memory.events"), "oom 0\noom_kill 1");

        // a sibling died of its own limit
        v2.set(above.resolve("memory.events"), "oom 1\noom_kill 2");
        assertThat(owner(byNobody)).isEmpty();
        v2.set(above.resolve("memory.events.local"), "oom 1\noom_kill 0");
        assertThat(owner(byTheGroupAbove)).contains(above);
    }

    @Test
    void aForkThatWasRefusedIsNamedWhenTheChildFails() {
        Path pids = old.path(Controller.PIDS).orElseThrow();
        v1.set(pids.resolve("pids.events"), "max 0");
        ExitWatch watch = watch(old);
        v1.set(pids.resolve("pids.events"), "max 3");
        v1.set(pids.resolve("pids.peak"), "66");

        assertThat(watch.explain(ended(EXIT_1))).hasToString("exited 1 in 0.3 s: out of processes (limit 64)");
        assertThat(watch.explain(ended(EXIT_1)).cause(LimitCause.PidsLimit.class))
                .contains(new LimitCause.PidsLimit(Optional.of(64L), Optional.of(pids)));
        assertThat(watch.explain(ended(0)).details().causes()).isEmpty();
    }

    @Test
    void newerKernelsSayWhoseProcessLimitItWas() {
        Path above = Path.of("/sys/fs/cgroup");
        v2.set(above.resolve("pids.max"), "100");
        v2.set(above.resolve("pids.events"), "max 0");
        v2.set(above.resolve("pids.events.local"), "max 0");
        ExitWatch watch = watch(unified);
        v2.set(unified.path().resolve("pids.max"), "5");
        v2.set(unified.path().resolve("pids.peak"), "5");
        v2.set(above.resolve("pids.events"), "max 1");
        v2.set(above.resolve("pids.events.local"), "max 1");

        assertThat(watch.explain(ended(EXIT_1)).cause(LimitCause.PidsLimit.class))
                .contains(new LimitCause.PidsLimit(Optional.of(100L), Optional.of(above)));
    }

    /** Before Linux 6.1 there is no peak. */
    @Test
    void withoutAPeakAGroupIsFullThatIsFullNow() {
        Path pids = old.path(Controller.PIDS).orElseThrow();
        v1.remove(pids.resolve("pids.peak"));
        ExitWatch watch = watch(old);
        v1.set(pids.resolve("pids.events"), "max 1");
        v1.set(pids.resolve("pids.current"), "66");
        assertThat(watch.explain(ended(EXIT_1)).cause(LimitCause.PidsLimit.class))
                .contains(new LimitCause.PidsLimit(Optional.of(64L), Optional.of(pids)));
        v1.set(pids.resolve("pids.current"), "65");
        assertThat(watch.explain(ended(EXIT_1)).cause(LimitCause.PidsLimit.class))
                .contains(new LimitCause.PidsLimit(Optional.empty(), Optional.empty()));
    }

    @Test
    void aGroupWhoseOwnCountStoodStillIsNotTheOneHoweverFullItIs() {
        Path above = Path.of("/sys/fs/cgroup");
        v2.set(above.resolve("pids.max"), "100");
        v2.set(unified.path().resolve("pids.max"), "5");
        v2.set(unified.path().resolve("pids.peak"), "5");
        for (Path level : List.of(above, unified.path())) {
            v2.set(level.resolve("pids.events"), "max 7");
            v2.set(level.resolve("pids.events.local"), "max 7");
        }
        ExitWatch watch = watch(unified);
        v2.set(above.resolve("pids.events"), "max 8");
        v2.set(above.resolve("pids.events.local"), "max 8");

        assertThat(watch.explain(ended(EXIT_1)).cause(LimitCause.PidsLimit.class))
                .contains(new LimitCause.PidsLimit(Optional.of(100L), Optional.of(above)));
    }

    /** Linux 6.11 and later add the refusals of all groups below. */
    @Test
    void whatASiblingWasRefusedByALimitOfItsOwnIsNoCause() {
        Path above = Path.of("/sys/fs/cgroup");
        v2.set(above.resolve("pids.events"), "max 0");
        v2.set(above.resolve("pids.events.local"), "max 0");
        v2.set(unified.path().resolve("pids.events"), "max 0");
        v2.set(unified.path().resolve("pids.events.local"), "max 0");
        ExitWatch watch = watch(unified);
        v2.set(above.resolve("pids.events"), "max 5");

        assertThat(watch.explain(ended(EXIT_1)).details().causes()).isEmpty();
    }

    /** Older kernels and version 1 count a refusal where the process is that wanted to fork. */
    @Test
    void whatAProcessAboveWasRefusedIsNoCause() {
        Path above = Path.of("/sys/fs/cgroup");
        v2.set(above.resolve("pids.events"), "max 0");
        v2.set(unified.path().resolve("pids.events"), "max 0");
        ExitWatch watch = watch(unified);
        PidsLevels levels = PidsLevels.of(unified.directories().get(0));
        v2.set(above.resolve("pids.events"), "max 5");

        assertThat(watch.explain(ended(EXIT_1)).details().causes()).isEmpty();
        assertThat(levels.roseAround()).as("its limit holds below it too").isTrue();
    }

    @Test
    void anInvisibleProcessLimitIsSaidToBeOne() {
        v2.set(unified.path().resolve("pids.events"), "max 0");
        ExitWatch watch = watch(unified);
        v2.set(unified.path().resolve("pids.events"), "max 1");

        assertThat(watch.explain(ended(EXIT_1)).toString())
                .endsWith("out of processes (of a group above those visible here)");
    }

    @Test
    void throttlingIsNamedWhenItWasMuchAndTheChildFailedOrRanOutOfTime() {
        Path cpu = old.path(Controller.CPU).orElseThrow();
        v1.set(cpu.resolve("cpu.stat"), "nr_periods 10\nnr_throttled 10\nthrottled_time 5000000000");
        ExitWatch watch = watch(old);
        v1.set(cpu.resolve("cpu.stat"), "nr_periods 30\nnr_throttled 25\nthrottled_time 6500000000");

        assertThat(watch.explain(ended(EXIT_1)))
                .hasToString("exited 1 in 0.3 s: CPU throttled for 1.5 s in 75 % of its periods");
        assertThat(watch.explain(ended(EXIT_1)).cause(LimitCause.CpuThrottled.class))
                .contains(new LimitCause.CpuThrottled(Duration.ofMillis(1500), 0.75));
        assertThat(watch.explain(ended(0)).details().causes()).isEmpty();
        Exit killed = ended(SIGKILL).with(ended(SIGKILL).details().cause(new Cause.Killed()));
        assertThat(watch.explain(killed).details().causes()).containsExactly(new Cause.Killed());
        Exit late = killed.with(killed.details().cause(new Cause.TimedOut(Duration.ofSeconds(1))));
        assertThat(watch.explain(late).cause(LimitCause.CpuThrottled.class)).isPresent();

        v1.set(cpu.resolve("cpu.stat"), "nr_periods 30\nnr_throttled 11\nthrottled_time 6500000000");
        assertThat(watch.explain(ended(EXIT_1)).details().causes()).isEmpty();
    }

    @Test
    void aTenthOfThePeriodsIsEnoughAndNoPeriodIsNothing() {
        Path cpu = old.path(Controller.CPU).orElseThrow();
        ExitWatch watch = watch(old);
        v1.set(cpu.resolve("cpu.stat"), "nr_periods 100\nnr_throttled 10\nthrottled_time 500000000");
        assertThat(watch.explain(ended(EXIT_1)).cause(LimitCause.CpuThrottled.class))
                .contains(new LimitCause.CpuThrottled(Duration.ofMillis(500), 0.1));
        v1.set(cpu.resolve("cpu.stat"), "nr_periods 100\nnr_throttled 9\nthrottled_time 500000000");
        assertThat(watch.explain(ended(EXIT_1)).details().causes()).isEmpty();
        v1.set(cpu.resolve("cpu.stat"), "nr_periods 0\nnr_throttled 10\nthrottled_time 500000000");
        assertThat(watch.explain(ended(EXIT_1)).details().causes()).isEmpty();
    }

    @Test
    void throttlingThatCostNoTimeWorthTheNameIsNoCause() {
        Path cpu = old.path(Controller.CPU).orElseThrow();
        v1.set(cpu.resolve("cpu.stat"), "nr_periods 0\nnr_throttled 0\nthrottled_time 0");
        ExitWatch watch = watch(old);

        v1.set(cpu.resolve("cpu.stat"), "nr_periods 1\nnr_throttled 1\nthrottled_time 99999999");
        assertThat(watch.explain(ended(SIGKILL)).details().causes()).isEmpty();

        v1.set(cpu.resolve("cpu.stat"), "nr_periods 1\nnr_throttled 1\nthrottled_time 100000000");
        assertThat(watch.explain(ended(SIGKILL)).cause(LimitCause.CpuThrottled.class))
                .contains(new LimitCause.CpuThrottled(Duration.ofMillis(100), 1));
    }

    @Test
    void memoryHighIsNamedWhenAllProcessesStoodStillForIt() {
        Path group = unified.path();
        v2.set(group.resolve("memory.high"), "67108864");
        v2.set(group.resolve("memory.events.local"), "high 2\noom 0\noom_kill 0");
        v2.set(group.resolve("memory.pressure"), pressure(7_000_000));
        ExitWatch watch = watch(unified);
        v2.set(group.resolve("memory.pressure"), pressure(7_150_000));
        assertThat(watch.explain(ended(EXIT_1)).details().causes()).isEmpty();

        v2.set(group.resolve("memory.events.local"), "high 40\noom 0\noom_kill 0");
        assertThat(watch.explain(ended(EXIT_1)))
                .hasToString("exited 1 in 0.3 s: waited 0.2 s for memory above memory.high (64 MiB)");
        assertThat(watch.explain(ended(EXIT_1)).cause(LimitCause.MemoryThrottled.class))
                .contains(new LimitCause.MemoryThrottled(mebibytes(64), Duration.ofMillis(150), group));
        assertThat(watch.explain(ended(0)).details().causes()).isEmpty();
        Exit killed = ended(SIGKILL).with(ended(SIGKILL).details().cause(new Cause.Killed()));
        assertThat(watch.explain(killed).details().causes()).containsExactly(new Cause.Killed());
        Exit late = killed.with(killed.details().cause(new Cause.TimedOut(Duration.ofSeconds(1))));
        assertThat(watch.explain(late).cause(LimitCause.MemoryThrottled.class)).isPresent();

        v2.set(group.resolve("memory.pressure"), pressure(7_099_999));
        assertThat(watch.explain(ended(EXIT_1)).details().causes()).isEmpty();
    }

    @Test
    void memoryHighIsNamedForATenthOfTheTimeAndTenthOfASecondAtLeast() {
        Path group = unified.path();
        v2.set(group.resolve("memory.high"), "67108864");
        v2.set(group.resolve("memory.events.local"), "high 2");
        v2.set(group.resolve("memory.pressure"), pressure(0));
        ExitWatch watch = watch(unified);
        v2.set(group.resolve("memory.events.local"), "high 40");
        v2.set(group.resolve("memory.pressure"), pressure(100_000));
        assertThat(watch.explain(ended(EXIT_1)).cause(LimitCause.MemoryThrottled.class))
                .isPresent();
        assertThat(watch.explain(ended(EXIT_1, Duration.ofSeconds(1))).cause(LimitCause.MemoryThrottled.class))
                .as("a tenth")
                .isPresent();
        assertThat(watch.explain(ended(EXIT_1, Duration.ofMillis(1001)))
                        .details()
                        .causes())
                .as("less than a tenth")
                .isEmpty();
    }

    /** Before Linux 5.2 a group does not count its own level alone. */
    @Test
    void withoutCountsOfItsOwnThoseOfTheTreeTell() {
        Path group = unified.path();
        v2.set(group.resolve("memory.high"), "67108864");
        v2.set(group.resolve("memory.pressure"), pressure(0));
        ExitWatch watch = watch(unified);
        v2.set(group.resolve("memory.events"), "high 40");
        v2.set(group.resolve("memory.pressure"), pressure(100_000));
        assertThat(watch.explain(ended(EXIT_1)).cause(LimitCause.MemoryThrottled.class))
                .isPresent();
    }

    @Test
    void pressureThatCannotBeReadIsNoPressureThatIsNotThere() {
        Path group = unified.path();
        v2.fail("read " + group.resolve("memory.pressure"), Errno.EIO);

        assertThatThrownBy(() -> watch(unified)).isInstanceOf(KernelRefused.class);
    }

    @Test
    void aKernelWithoutPressureNamesNoMemoryHigh() {
        Path group = unified.path();
        v2.set(group.resolve("memory.pressure"), pressure(0));
        v2.fail("read " + group.resolve("memory.pressure"), Errno.EOPNOTSUPP);
        ExitWatch watch = watch(unified);
        v2.set(group.resolve("memory.events"), "high 40");

        assertThat(watch.explain(ended(EXIT_1)).details().causes()).isEmpty();
    }

    @Test
    void version1TellsOfAVictimInAGroupBelow() {
        Path child = memory.resolve("below");
        ExitWatch watch = watch(old);
        v1.mkdir(child);
        v1.set(child.resolve("memory.limit_in_bytes"), "33554432");
        v1.set(child.resolve("memory.failcnt"), "9");
        v1.set(child.resolve("memory.oom_control"), "oom_kill_disable 0\nunder_oom 0\noom_kill 1");

        assertThat(watch.explain(ended(EXIT_1)).cause(LimitCause.DescendantOutOfMemory.class))
                .hasValueSatisfying(cause -> {
                    assertThat(cause.limit()).contains(mebibytes(32));
                    assertThat(cause.owner()).contains(child);
                });
        // what was counted before is no news
        assertThat(watch(old).explain(ended(EXIT_1)).details().causes()).isEmpty();
    }

    /** It has a quota of its own, and nothing of memory: that is charged to where this JVM is. */
    @Test
    void version1KillsByTheLimitThatAChildInherits() {
        Cgroup child = v1.boot().make(Limits.none().cpus(1)).group().orElseThrow();
        assertThat(child.path(Controller.MEMORY)).isEmpty();
        v1.set(ABOVE.resolve("memory.limit_in_bytes"), "1073741824");
        v1.set(ABOVE.resolve("memory.oom_control"), "oom_kill 3");
        ExitWatch watch = watch(child);
        assertThat(owner(watch)).isEmpty();
        v1.set(ABOVE.resolve("memory.oom_control"), "oom_kill 4");
        v1.set(ABOVE.resolve("memory.max_usage_in_bytes"), "1073741824");

        Exit exit = watch.explain(ended(SIGKILL));

        assertThat(exit).hasToString("killed by SIGKILL in 0.3 s: out of memory (limit 1 GiB)");
        assertThat(exit.cause(LimitCause.OutOfMemory.class))
                .contains(new LimitCause.OutOfMemory(
                        Optional.of(gibibytes(1)), Optional.of(gibibytes(1)), Optional.of(ABOVE)));
        assertThat(exit.details().peakMemory()).as("that of others too").isEmpty();
        assertThat(watch.explain(ended(EXIT_1)).details().causes())
                .as("another child's")
                .isEmpty();
        assertThat(watch.explain(ended(137 << 8)).cause(LimitCause.DescendantOutOfMemory.class))
                .as("a shell's")
                .isPresent();
        Exit killed = ended(SIGKILL).with(ended(SIGKILL).details().cause(new Cause.Killed()));
        assertThat(watch.explain(killed).details().causes()).containsExactly(new Cause.Killed());
    }

    @Test
    void version2ChargesToTheNearestGroupAboveThatCounts() {
        Cgroups host = v2.boot();
        Cgroup parent = host.create("above");
        Path above = parent.path();
        Cgroup child = host.make(Limits.none().cpus(1).under(parent)).group().orElseThrow();
        assertThat(child.path(Controller.MEMORY)).isEmpty();
        v2.set(above.resolve("memory.max"), "1073741824");
        v2.set(above.resolve("memory.events.local"), "oom 0\noom_kill 0");
        ExitWatch bySibling = watch(child);
        v2.set(above.resolve("memory.events"), "oom 1\noom_kill 1");
        assertThat(owner(bySibling)).as("counted below it").isEmpty();
        v2.set(above.resolve("memory.events.local"), "oom 1\noom_kill 1");

        assertThat(owner(bySibling)).contains(above);
    }

    @Test
    void aProcessLimitIsInheritedToo() {
        Path pids = v1.boot().self().paths().stream()
                .filter(path -> path.startsWith("/sys/fs/cgroup/pids"))
                .findFirst()
                .orElseThrow();
        Cgroup child = v1.boot().make(Limits.none().cpus(1)).group().orElseThrow();
        v1.set(pids.resolve("pids.max"), "50");
        v1.set(pids.resolve("pids.peak"), "50");
        v1.set(pids.resolve("pids.events"), "max 0");
        ExitWatch watch = watch(child);
        v1.set(pids.resolve("pids.events"), "max 1");

        assertThat(watch.explain(ended(EXIT_1)).cause(LimitCause.PidsLimit.class))
                .contains(new LimitCause.PidsLimit(Optional.of(50L), Optional.of(pids)));
    }

    private static String pressure(long micros) {
        return "some avg10=0.00 avg60=0.00 avg300=0.00 total=" + 2 * micros
                + "\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=" + micros;
    }

    private Cgroup unifiedBelow(Path above) {
        Cgroup parent = new CgroupV2(
                Cgroups.detect(v2.host(), Path.of("/sys")),
                new GroupMaker.Made(
                        List.of(GroupDirectory.at(
                                        v2.host(), unified.directories().get(0).hierarchy(), above)
                                .orElseThrow()),
                        List.of()),
                0,
                Closing.NOTHING);
        return parent.host()
                .make(Limits.none().memory(mebibytes(256)).under(parent))
                .group()
                .orElseThrow();
    }

    private static ExitWatch watch(Cgroup group) {
        return new ExitWatch(Charged.of(group), 2, () -> 0);
    }

    private static Optional<Path> owner(ExitWatch watch) {
        return watch.explain(ended(SIGKILL)).cause(LimitCause.OutOfMemory.class).flatMap(LimitCause.OutOfMemory::owner);
    }

    private static Exit ended(int status) {
        return ended(status, Duration.ofMillis(300));
    }

    private static Exit ended(int status, Duration ran) {
        return Exit.of(status, new Exit.Details(ran, Optional.empty(), Optional.empty(), List.of()));
    }
}
