package dev.corral.examples.quickstart;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The files of the control groups that a process is in, found without the library that made the groups. */
final class GroupFiles {
    private final List<String> membership;
    private final List<String> mounts;

    private GroupFiles(List<String> membership, List<String> mounts) {
        this.membership = membership;
        this.mounts = mounts;
    }

    /**
     * Those of a process.
     *
     * @param membership the lines of {@code /proc/PID/cgroup}
     * @param mounts the lines of {@code /proc/self/mountinfo}
     */
    static GroupFiles of(List<String> membership, List<String> mounts) {
        return new GroupFiles(membership, mounts);
    }

    static GroupFiles of(Outside process) throws IOException {
        return of(Files.readAllLines(process.file("cgroup")), Files.readAllLines(Path.of("/proc/self/mountinfo")));
    }

    /** The most memory it may use in bytes, as text; {@code max} or a huge number for no limit. */
    Optional<String> memory() throws IOException {
        return read("memory", "memory.limit_in_bytes", "memory.max");
    }

    /** The CPU time it may use in each period, both in microseconds: {@code 50000 100000}. */
    Optional<String> cpu() throws IOException {
        Optional<String> quota = read("cpu", "cpu.cfs_quota_us", "cpu.max");
        Optional<String> period = read("cpu", "cpu.cfs_period_us", "");
        return quota.map(text -> period.map(more -> text + " " + more).orElse(text));
    }

    private Optional<String> read(String controller, String versionOne, String versionTwo) throws IOException {
        for (Path file : List.of(
                directory("cgroup", controller).resolve(versionOne),
                directory("cgroup2", "").resolve(versionTwo))) {
            if (Files.isRegularFile(file)) {
                return Optional.of(Files.readString(file).strip());
            }
        }
        return Optional.empty();
    }

    /** Where the group of a hierarchy lies: an empty controller stands for version 2. Empty path if it is nowhere. */
    private Path directory(String type, String controller) {
        String group = membership.stream()
                .map(line -> line.split(":", 3))
                .filter(parts -> Arrays.asList(parts[1].split(",")).contains(controller))
                .map(parts -> parts[2])
                .findFirst()
                .orElse("/");
        return mounts.stream()
                .map(line -> line.split(" "))
                .filter(fields -> isOfType(fields, type, controller))
                .filter(fields -> group.startsWith(fields[3].equals("/") ? "" : fields[3]))
                .map(fields -> fields[4] + group.substring(fields[3].equals("/") ? 0 : fields[3].length()))
                .map(Path::of)
                .findFirst()
                .orElse(Path.of(""));
    }

    /** The type and the options of the file system are the first and the third field behind the dash. */
    private static boolean isOfType(String[] fields, String type, String controller) {
        int dash = Arrays.asList(fields).indexOf("-");
        return fields[dash + 1].equals(type)
                && (controller.isEmpty()
                        || Arrays.asList(fields[dash + 3].split(",")).contains(controller));
    }
}
