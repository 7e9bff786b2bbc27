package dev.corral.cgroups;

import static dev.corral.ByteSize.bytes;
import static dev.corral.ByteSize.mebibytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.corral.ByteSize;
import dev.corral.Child;
import dev.corral.Command;
import dev.corral.Exit;
import dev.corral.Signal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Memory as the kernel refuses it to a real program, which fills a buffer of 150 MiB. */
@Tag("v2")
class MemoryEnforcementTest {
    private static final Command FILLS_150_MIB = Command.of(
            "dd", "if=/dev/zero", "of=/dev/null", "bs=" + mebibytes(150).bytes(), "count=1");
    /** A whole number of pages of 4 KiB. */
    private static final ByteSize LESS = bytes(104_960_000);

    @Test
    void aProgramThatTakesMoreIsKilledAndTheExitSaysSo() throws Exception {
        try (RealGroup tests = RealGroup.with(Controller.MEMORY);
                Child child = FILLS_150_MIB.with(tests.limits().memory(LESS)).start()) {
            Exit exit = child.await();

            assertThat(exit.terminatedBy()).isEqualTo(Optional.of(Signal.KILL));
            LimitCause.OutOfMemory cause =
                    exit.cause(LimitCause.OutOfMemory.class).orElseThrow();
            assertThat(cause.limit()).contains(LESS);
            assertThat(cause.owner()).isEqualTo(RealGroup.of(child).path(Controller.MEMORY));
            assertThat(exit.toString()).contains("out of memory (limit ");
        }
    }

    @Test
    void aProgramThatTakesLessIsNot() throws Exception {
        try (RealGroup tests = RealGroup.with(Controller.MEMORY);
                Child child = FILLS_150_MIB
                        .with(tests.limits().memory(mebibytes(200)))
                        .start()) {
            Exit exit = child.await();

            assertThat(exit).matches(Exit::ok);
            assertThat(exit.details().peakMemory())
                    .hasValueSatisfying(peak -> assertThat(peak).isBetween(mebibytes(150), mebibytes(200)));
        }
    }

    @Test
    void aVictimInAGroupThatTheChildMadeIsToldOf() throws Exception {
        try (RealGroup tests = RealGroup.with(Controller.MEMORY)) {
            Path memory = tests.group().path(Controller.MEMORY).orElseThrow();
            boolean v1 = tests.group().v1().isPresent()
                    && tests.group().find(MemoryV1.class).isPresent();
            assumeTrue(v1, "version 2 counts kills of groups below too");
            String limited = "cd '" + memory + "' && mkdir below && echo " + LESS.bytes()
                    + " > below/memory.limit_in_bytes && sh -c 'echo $$ > below/cgroup.procs; exec "
                    + "dd if=/dev/zero of=/dev/null bs=" + mebibytes(150).bytes() + " count=1'; exit $?";
            try (Child child =
                    Command.of("sh", "-c", limited).with(tests.group()).start()) {
                Exit exit = child.await();

                assertThat(exit.shellCode()).isEqualTo(137);
                LimitCause.DescendantOutOfMemory cause =
                        exit.cause(LimitCause.DescendantOutOfMemory.class).orElseThrow();
                assertThat(cause.limit()).contains(LESS);
                assertThat(cause.owner()).contains(memory.resolve("below"));
            }
            tests.group().delete();
        }
    }

    @Test
    void aProgramThatCrawlsAboveMemoryHighTellsSo() throws Exception {
        try (RealGroup tests = RealGroup.with(Controller.MEMORY)) {
            assumeTrue(tests.group() instanceof CgroupV2, "only version 2 has memory.high");
            Path pressure = tests.group().path().resolve("memory.pressure");
            assumeTrue(Files.exists(pressure), "this kernel does not account pressure");
            tests.group().file("memory.high").write(Long.toString(mebibytes(16).bytes()));
            tests.group().file("memory.swap.max").write("0"); // or it goes there and waits for little
            try (Child child = Command.of("sh", "-c", "dd if=/dev/zero of=/dev/null bs=157286400 count=1; exit 1")
                    .with(tests.group())
                    .start()) {
                Exit exit = child.await();

                assertThat(exit.shellCode()).isEqualTo(1);
                LimitCause.MemoryThrottled cause =
                        exit.cause(LimitCause.MemoryThrottled.class).orElseThrow();
                assertThat(cause.level()).isEqualTo(mebibytes(16));
                assertThat(cause.owner()).isEqualTo(tests.group().path());
            }
        }
    }

    @Test
    void theLimitOfTheGroupAboveHoldsForItsChildren() throws Exception {
        try (RealGroup tests = RealGroup.with(Controller.MEMORY)) {
            tests.group().apply(Limits.none().memory(LESS));
            try (Child child =
                    FILLS_150_MIB.with(tests.limits().memory(mebibytes(200))).start()) {
                Exit exit = child.await();

                LimitCause.OutOfMemory cause =
                        exit.cause(LimitCause.OutOfMemory.class).orElseThrow();
                assertThat(cause.limit()).contains(LESS);
                assertThat(cause.owner()).isEqualTo(tests.group().path(Controller.MEMORY));
            }
        }
    }
}
