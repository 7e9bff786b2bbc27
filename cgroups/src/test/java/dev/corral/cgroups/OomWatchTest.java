package dev.corral.cgroups;

import static dev.corral.ByteSize.gibibytes;
import static dev.corral.ByteSize.mebibytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.corral.Exit;
import dev.corral.internal.linux.Errno;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class OomWatchTest {
    private static final int SIGKILL = 9;
    private static final int EXIT_1 = 256;
    private static final Path ABOVE = Path.of("/sys/fs/cgroup/memory/jobs/d7054");

    private final FakeKernel v1 = new FakeKernel("6.18-hybrid");
    private final FakeKernel v2 = new FakeKernel("6.1-container-v2");
    private final Cgroup old =
            v1.boot().make(Limits.none().memory(mebibytes(256))).group().orElseThrow();
    private final Cgroup unified =
            v2.boot().make(Limits.none().memory(mebibytes(256))).group().orElseThrow();
    private final Path memory = old.path(Controller.MEMORY).orElseThrow();

    @Test
    void aKillAtTheLimitIsOutOfMemory() {
        OomWatch watch = watch(unified);
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
        OomWatch counted = watch(old);
        OomWatch peaked = watch(old);
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
        OomWatch watch = watch(old);
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
        OomWatch watch = watch(old);
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

    @Test
    void aRiseWithAnotherEndIsNotItsCause() {
        OomWatch watch = watch(unified);
        v2.set(unified.path().resolve("memory.events"), "oom 1\noom_kill 1");

        assertThat(watch.explain(ended(EXIT_1)).details().causes()).isEmpty();
    }

    @Test
    void theLimitAndThePeakAreWhatTheyWereAtTheEnd() {
        v2.set(unified.path().resolve("memory.peak"), "91226112");

        assertThat(watch(unified).explain(ended(0))).hasToString("exited 0 in 0.3 s, peak memory 87 MiB");
    }

    @Test
    void aGroupThatIsGoneExplainsNothing() {
        OomWatch watch = watch(unified);
        v2.fail("read " + unified.path().resolve("memory.peak"), Errno.ENODEV);

        assertThatThrownBy(() -> watch.explain(ended(SIGKILL))).isInstanceOf(CgroupGone.class);
    }

    private static OomWatch watch(Cgroup group) {
        return OomWatch.begin(group.directories().stream()
                .filter(directory -> directory.has("memory"))
                .findFirst()
                .orElseThrow());
    }

    private static Optional<Path> owner(OomWatch watch) {
        return watch.explain(ended(SIGKILL)).cause(LimitCause.OutOfMemory.class).flatMap(LimitCause.OutOfMemory::owner);
    }

    private static Exit ended(int status) {
        return Exit.of(status, new Exit.Details(Duration.ofMillis(300), Optional.empty(), Optional.empty(), List.of()));
    }
}
