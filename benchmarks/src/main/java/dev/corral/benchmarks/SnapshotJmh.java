package dev.corral.benchmarks;

import dev.corral.Child;
import dev.corral.cgroups.Cgroup;
import dev.corral.cgroups.Cgroups;
import dev.corral.cgroups.StatReader;
import dev.corral.cgroups.Usage;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** A snapshot as it looks from inside the JVM. */
@SuppressWarnings("NullAway.Init")
public class SnapshotJmh {
    /** A group with one process in it. */
    @State(Scope.Thread)
    public static class Group {
        private Cgroup group;
        private Child child;
        private StatReader reader;

        @Setup
        public void open() {
            group = Cgroups.detect().create(CgroupBenchmark.name("jmh"));
            child = SnapshotBenchmark.sleeper(group);
            reader = group.reader(SnapshotBenchmark.MASK);
        }

        @TearDown
        public void close() {
            reader.close();
            child.close();
            group.close();
        }

        StatReader reader() {
            return reader;
        }
    }

    @Benchmark
    public Usage read(Group group) {
        return group.reader.read();
    }
}
