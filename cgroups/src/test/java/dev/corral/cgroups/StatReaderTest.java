package dev.corral.cgroups;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Real groups, read from files that stay open. */
@Tag("v2")
class StatReaderTest {
    private static final StatMask MASK = StatMask.of(StatMask.CPU, StatMask.MEMORY, StatMask.PIDS);

    private final Cgroups host = Cgroups.detect();
    private final String name = "corral-reader-" + Long.toHexString(System.nanoTime());
    private final List<Cgroup> groups = new ArrayList<>();

    @BeforeEach
    void needsGroups() {
        host.availability().values().forEach(answer -> assumeTrue(answer.ok(), answer::describe));
        RealEvents.awaitSilence(); // descriptors are counted
    }

    @AfterEach
    void remove() {
        groups.forEach(Cgroup::close);
    }

    @Test
    void aReaderSeesWhatASnapshotSees() {
        Cgroup group = group(1);
        try (StatReader reader = group.reader(StatMask.ALL)) {
            Usage read = reader.read();
            Usage once = group.usage();

            assertThat(read.pids()).isEqualTo(once.pids()).isPresent();
            assertThat(read.memory().orElseThrow().limit())
                    .isEqualTo(once.memory().orElseThrow().limit());
            assertThat(read.cpu()).isEqualTo(once.cpu()).isPresent();
            assertThat(read.pressure()).isEqualTo(once.pressure());
            assertThat(read.tree()).isEqualTo(once.tree());
            assertThat(read.hugetlb()).isEqualTo(once.hugetlb());

            group.apply(Limits.none().pids(77));
            assertThat(reader.read().pids().orElseThrow().limit()).isEqualTo(Limit.of(77L));
            assertThat(reader.read().io().isPresent()).isEqualTo(once.io().isPresent());
        }
    }

    @Test
    void aSnapshotLeavesNothingOpen() {
        Cgroup group = group(1);
        group.usage();
        long before = OpenDescriptors.files();
        group.usage();
        assertThat(OpenDescriptors.files()).isEqualTo(before);
        group.delete();
        assertThatThrownBy(group::usage).isInstanceOf(CgroupGone.class);
        assertThat(OpenDescriptors.files()).isEqualTo(before);
    }

    @Test
    void whatIsMissingIsSaidWithItsReason() {
        Cgroup group = group(1);

        assertThat(group.absence(MASK)).isEmpty();
        group.usage()
                .io()
                .ifPresentOrElse(
                        io -> assertThat(group.absence(StatMask.IO)).isEmpty(),
                        () -> assertThat(group.absence(StatMask.IO))
                                .singleElement()
                                .asString()
                                .contains("io.stat is missing"));
    }

    @Test
    void anInterruptIsOfNoEffect() {
        try (StatReader reader = group(1).reader(MASK)) {
            reader.read();
            Thread.currentThread().interrupt();

            assertThat(reader.read().pids()).isPresent();
            assertThat(Thread.interrupted()).isTrue();
            assertThat(reader.read().pids()).isPresent();
        }
    }

    @Test
    void aGroupThatIsGoneIsAnErrorAndLeavesNothingOpen() throws Exception {
        Cgroup group = group(1);
        long before = OpenDescriptors.files();
        try (StatReader reader = group.reader(MASK)) {
            reader.read();
            assertThat(OpenDescriptors.files()).isGreaterThan(before);
            group.close();

            assertThatThrownBy(reader::read).isInstanceOf(CgroupGone.class).hasMessageContaining("was removed");
            assertThat(OpenDescriptors.files()).isEqualTo(before);
            Cgroup again = host.create(name + "-1");
            groups.add(again);
            assertThatThrownBy(reader::read).isInstanceOf(CgroupGone.class);
        }
    }

    @Test
    void aClosedReaderReadsNoMore() throws Exception {
        long before = OpenDescriptors.files();
        StatReader reader = group(1).reader(MASK);
        reader.read();
        reader.close();
        reader.close();

        assertThat(OpenDescriptors.files()).isEqualTo(before);
        assertThatThrownBy(reader::read).isInstanceOf(IllegalStateException.class);
    }

    /** A descriptor that was closed while somebody reads would be another group's the next moment. */
    @Test
    void readersThatShareTooFewFilesNeverSeeEachOthersGroup() throws Exception {
        int count = 6;
        int budget = 10;
        Reading reading = new Reading(host.host(), new DescriptorBudget(budget));
        List<StatReader> readers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            readers.add(new StatReader(reading, group(i + 10).directories(), StatMask.PIDS));
        }
        long before = OpenDescriptors.files();
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<Integer>> wrong = new ArrayList<>();
            for (int t = 0; t < 4; t++) {
                int seed = t;
                Callable<Integer> reads = () -> {
                    int mistakes = 0;
                    for (int i = 0; i < 2_000; i++) {
                        int which = (i * (2 * seed + 1) + seed) % count;
                        Optional<PidsStat> pids = readers.get(which).read().pids();
                        mistakes += pids.orElseThrow().limit().equals(Limit.of(which + 10L)) ? 0 : 1;
                    }
                    return mistakes;
                };
                wrong.add(threads.submit(reads));
            }
            for (Future<Integer> mistakes : wrong) {
                assertThat(mistakes.get()).isZero();
            }
            assertThat(OpenDescriptors.files() - before)
                    .isLessThanOrEqualTo(budget)
                    .isPositive();
        } finally {
            threads.shutdownNow();
        }
        readers.forEach(StatReader::close);
        assertThat(OpenDescriptors.files()).isEqualTo(before);
    }

    @Test
    void withoutAnyBudgetFilesAreOpenedEachTime() throws Exception {
        Reading reading = new Reading(host.host(), new DescriptorBudget(0));
        try (StatReader reader = new StatReader(reading, group(1).directories(), MASK)) {
            long before = OpenDescriptors.files();
            assertThat(reader.read().pids()).isPresent();
            assertThat(reader.read().pids()).isPresent();
            assertThat(OpenDescriptors.files()).isEqualTo(before);
        }
    }

    @Test
    void theOneThatWasNotUsedForTheLongestTimeMakesRoom() throws Exception {
        Reading reading = new Reading(host.host(), new DescriptorBudget(8));
        StatReader old = new StatReader(reading, group(1).directories(), StatMask.PIDS);
        StatReader used = new StatReader(reading, group(2).directories(), StatMask.PIDS);
        StatReader fresh = new StatReader(reading, group(3).directories(), StatMask.PIDS);
        long before = OpenDescriptors.files();
        try (old;
                used;
                fresh) {
            old.read();
            used.read();
            used.read();
            fresh.read();
            assertThat(OpenDescriptors.files() - before).isEqualTo(8);
            used.close();
            assertThat(OpenDescriptors.files() - before)
                    .as("used was still open")
                    .isEqualTo(4);
        }
    }

    @ParameterizedTest
    @CsvSource({"20000, 1024", "400, 100", "3, 0", "unlimited, 1024"})
    void theBudgetIsAQuarterOfWhatTheProcessMayOpen(String soft, int budget) {
        String limits = "Limit                     Soft Limit           Hard Limit           Units     \n"
                + "Max processes             96365                96365                processes \n"
                + "Max open files            " + soft + "                20000                files     \n";

        assertThat(DescriptorBudget.of(limits).most()).isEqualTo(budget);
        assertThat(DescriptorBudget.of("").most()).isEqualTo(DescriptorBudget.MOST);
    }

    private Cgroup group(int pids) {
        Cgroup group = host.create(name + "-" + pids);
        groups.add(group);
        group.apply(Limits.none().pids(pids));
        return group;
    }
}
