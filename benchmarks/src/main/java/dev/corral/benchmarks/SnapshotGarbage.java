package dev.corral.benchmarks;

import dev.corral.cgroups.Usage;
import org.openjdk.jol.info.GraphLayout;

/** What a snapshot leaves on the heap: the record, and nothing else. */
record SnapshotGarbage(CgroupReport report) {
    /** For the rounding of means. */
    private static final double BYTES = 1;

    private static final long SETTLE_NANOS = 1_000_000_000;

    void run() throws Exception {
        SnapshotJmh.Group group = new SnapshotJmh.Group();
        group.open();
        long record;
        try {
            record = weight(group);
        } finally {
            group.close();
        }
        double allocated = Jmh.bytes(Jmh.allocation(SnapshotJmh.class, "read"));
        report.goal(Goal.atMost(
                "heap used by a snapshot beyond its record of " + record + " bytes, bytes", BYTES, allocated - record));
    }

    /**
     * Of what belongs to one snapshot alone; what it shares with others, such as constants, is not made anew. The counters of a
     * process that has just begun have fewer digits.
     */
    private static long weight(SnapshotJmh.Group group) {
        System.setProperty("jol.magicFieldOffset", "true");
        long end = System.nanoTime() + SETTLE_NANOS;
        while (System.nanoTime() < end) {
            group.reader().read();
        }
        Usage one = group.reader().read();
        Usage other = group.reader().read();
        return GraphLayout.parseInstance(one, other).totalSize()
                - GraphLayout.parseInstance(one).totalSize();
    }
}
