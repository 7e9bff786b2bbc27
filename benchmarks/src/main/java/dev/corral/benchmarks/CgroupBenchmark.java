package dev.corral.benchmarks;

import dev.corral.cgroups.Cgroups;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Reads, makes and removes control groups, beside C that makes the same system calls, and beside other tools. */
final class CgroupBenchmark {
    static final int RUNS = 5;

    private final CgroupReport report = new CgroupReport();

    void run(Page page) throws Exception {
        Cgroups groups = Cgroups.detect();
        Optional<Path> compiler = OtherTools.find("cc");
        if (compiler.isPresent()) {
            report.tool(OtherTools.version(compiler.get()));
            try (CPrograms programs = CPrograms.with(compiler.get())) {
                Path floor = programs.build("floor");
                new SnapshotBenchmark(groups, programs, floor, report).run();
                new CycleBenchmark(groups, programs, floor, report).run();
                new EventBenchmark(groups, programs, report).run();
                new BirthBenchmark(groups, Optional.of(programs.build("spawn")), report).run();
            }
        } else {
            report.missing("no C compiler, and so nothing to compare snapshots, cycles and births with, and no events");
            new BirthBenchmark(groups, Optional.empty(), report).run();
        }
        new SnapshotGarbage(report).run();
        new CgroupToolsBenchmark(groups, report).run();
        report.write(page, RUNS);
    }

    /** The name of a group of this JVM's. */
    static String name(String what) {
        return "corral-bench-" + what + "-" + ProcessHandle.current().pid();
    }

    /** As groups of this JVM are marked: who bears another mark is taken for left behind, and removed by the next JVM. */
    static String mark() throws IOException {
        String stat = Files.readString(Path.of("/proc/self/stat"));
        String start = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)[19];
        String namespace = Files.readSymbolicLink(Path.of("/proc/self/ns/pid")).toString();
        return ProcessHandle.current().pid() + ":" + start + ":"
                + namespace.substring(namespace.indexOf('[') + 1, namespace.length() - 1);
    }
}
