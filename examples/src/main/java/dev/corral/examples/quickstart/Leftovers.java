package dev.corral.examples.quickstart;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What this JVM could have left behind on the machine.
 *
 * @param mounts what was mounted at the beginning
 */
record Leftovers(Mounts mounts) {
    private static final Path GROUPS = Path.of("/sys/fs/cgroup");

    static Leftovers before() throws IOException {
        return new Leftovers(Mounts.now());
    }

    /** Checks that there is nothing: no process, no control group, no mount. */
    String check() throws IOException {
        List<String> processes = ProcessHandle.current()
                .descendants()
                .map(process -> process.pid() + " " + process.info().command().orElse("?"))
                .toList();
        Claim.check(processes.isEmpty(), "processes are left: " + processes);
        long self = ProcessHandle.current().pid();
        List<Path> groups = groups(self);
        Claim.check(groups.isEmpty(), "control groups are left: " + groups);
        List<String> changed = Mounts.now().changedSince(mounts, mark(self));
        Claim.check(changed.isEmpty(), "mounts have changed: " + changed);
        return "no process, no control group, no mount";
    }

    /** Corral names what it makes for a child by prefix, pid of the JVM, time of its start and a random number. */
    private static Pattern mark(long pid) {
        return Pattern.compile("-" + pid + "-[0-9a-z]+-[0-9a-z]+");
    }

    /** The groups that carry a JVM's mark: its pid, the time of its start, its pid namespace, a random number. */
    static List<Path> groups(long pid) throws IOException {
        Pattern ours = Pattern.compile(".*-p" + pid + "-s[0-9a-z]+-n[0-9a-z]+-[0-9a-z]+");
        List<Path> found = new ArrayList<>();
        Files.walkFileTree(GROUPS, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
                if (ours.matcher(String.valueOf(directory.getFileName())).matches()) {
                    found.add(directory);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failed) {
                return FileVisitResult
                        .CONTINUE; // somebody else's group that has gone meanwhile, or that we may not see
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, IOException failed) {
                return FileVisitResult.CONTINUE;
            }
        });
        return found;
    }
}
