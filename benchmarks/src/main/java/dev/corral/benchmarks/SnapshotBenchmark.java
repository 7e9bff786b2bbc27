package dev.corral.benchmarks;

import dev.corral.Child;
import dev.corral.Command;
import dev.corral.Stdio;
import dev.corral.cgroups.Cgroup;
import dev.corral.cgroups.Cgroups;
import dev.corral.cgroups.StatMask;
import dev.corral.cgroups.StatReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/** Snapshots of a group with one process in it, beside C that reads the very same files. */
record SnapshotBenchmark(Cgroups groups, CPrograms programs, Path floor, CgroupReport report) {
    /** What version 1 has. */
    static final StatMask MASK = StatMask.of(StatMask.CPU, StatMask.MEMORY, StatMask.PIDS, StatMask.IO);

    /** Opened beside a file that is read first, and read only if that one knows of traffic: not in this group. */
    private static final String UNREAD = "blkio.bfq.io_serviced_recursive";

    private static final double KEPT = 1.5;
    private static final double FIRST = 1.3;
    private static final int TIMES = 40;
    private static final int WARM_UP = 400;
    private static final int ROUNDS = 60;

    void run() throws Exception {
        try (Cgroup group = groups.create(CgroupBenchmark.name("read"));
                Child child = sleeper(group)) {
            measure(group, MASK, "CPU, memory, pids, I/O", true);
            measure(group, StatMask.ALL, "everything", false);
            child.destroyForcibly().waitFor();
        }
    }

    static Child sleeper(Cgroup group) {
        return Command.of("/bin/sleep", "3600")
                .input(Stdio.nothing())
                .output(Stdio.nothing())
                .error(Stdio.nothing())
                .with(group)
                .start();
    }

    private void measure(Cgroup group, StatMask mask, String what, boolean goals) throws Exception {
        try (StatReader reader = group.reader(mask)) {
            List<Path> files = filesOf(group, reader);
            String count = what + ": " + files.size() + " files, ";
            try (Floor keeping = floor("kept-" + goals, kept(files));
                    Floor opening = floor("first-" + goals, opened(files))) {
                Candidate c = keeping.candidate(count + "C, pread from kept descriptors", TIMES);
                Candidate java = Candidate.batch(count + "`StatReader.read()`", TIMES, reader::read);
                Candidate cFirst = opening.candidate(count + "C, openat, read and close", TIMES);
                Candidate javaFirst = Candidate.batch(count + "`usage()`", TIMES, () -> group.usage(mask));
                List<Candidate> all = List.of(c, java, cFirst, javaFirst);
                Figures.measure(all, 1, WARM_UP);
                Figures figures = Figures.measure(all, CgroupBenchmark.RUNS, ROUNDS);
                report.times(figures, List.of(c, java));
                report.times(figures, List.of(cFirst, javaFirst));
                if (goals) {
                    report.goal(Goal.atMost(
                            "snapshot from kept descriptors, times C's pread", KEPT, figures.ratio(java, c)));
                    report.goal(Goal.atMost(
                            "snapshot with nothing open, times C's openat, read, close",
                            FIRST,
                            figures.ratio(javaFirst, cFirst)));
                }
            }
        }
    }

    private Floor floor(String name, List<String> calls) throws IOException {
        return new Floor(floor, programs.directory().resolve(name + ".calls"), calls);
    }

    /** The files that a reader keeps open, as /proc shows them when it has read once, but for those that it does not read. */
    private static List<Path> filesOf(Cgroup group, StatReader reader) throws IOException {
        Set<Path> before = open();
        reader.read();
        List<Path> files = new ArrayList<>(open());
        files.removeAll(before);
        files.removeIf(file -> file.endsWith(UNREAD)
                || group.paths().stream().noneMatch(directory -> directory.equals(file.getParent())));
        return files;
    }

    private static Set<Path> open() throws IOException {
        Set<Path> files = new LinkedHashSet<>();
        try (Stream<Path> links = Files.list(Path.of("/proc/self/fd"))) {
            for (Path link : links.sorted(Comparator.comparingInt(
                            path -> Integer.parseInt(path.toFile().getName())))
                    .toList()) {
                if (Files.exists(link)) {
                    files.add(Files.readSymbolicLink(link));
                }
            }
        }
        return files;
    }

    private static List<String> kept(List<Path> files) {
        return files.stream().map(file -> "keep\t" + file).toList();
    }

    /** By directory, each of which is opened once. */
    private static List<String> opened(List<Path> files) {
        List<String> calls = new ArrayList<>();
        Set<Path> directories = new LinkedHashSet<>();
        files.forEach(file -> directories.add(Objects.requireNonNull(file.getParent())));
        for (Path directory : directories) {
            calls.add("dir\t" + directory);
            files.stream()
                    .filter(file -> directory.equals(file.getParent()))
                    .forEach(file -> calls.add("get\t" + file.getFileName()));
        }
        return calls;
    }
}
