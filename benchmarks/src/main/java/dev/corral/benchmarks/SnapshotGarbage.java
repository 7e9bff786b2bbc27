package dev.corral.benchmarks;

import dev.corral.cgroups.Usage;
import org.openjdk.jol.info.GraphLayout;

/** What a snapshot leaves on the heap: the record, and nothing else. */
record SnapshotGarbage(CgroupReport report) {
    /** The record keeps the kernel's text: a counter with more digits in one group than in another is a few bytes. */
    private static final double BYTES = 16;

    void run() throws Exception {
        SnapshotJmh.Group group = new SnapshotJmh.Group();
        group.open();
        long record;
        try {
            record = weight(group);
        } finally {
            group.close();
        }
        double allocated = Jmh.bytes(Jmh.run(SnapshotJmh.class, "read"));
        report.goal(Goal.atMost(
                "heap used by a snapshot beyond its record of " + record + " bytes, bytes", BYTES, allocated - record));
    }

    /** Of what belongs to one snapshot alone; what it shares with others, such as constants, is not made anew. */
    private static long weight(SnapshotJmh.Group group) {
        System.setProperty("jol.magicFieldOffset", "true");
        Usage one = group.reader().read();
        Usage other = group.reader().read();
        return GraphLayout.parseInstance(one, other).totalSize()
                - GraphLayout.parseInstance(one).totalSize();
    }
}
