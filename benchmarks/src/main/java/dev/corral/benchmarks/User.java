package dev.corral.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Who runs the JVM, and so which ids a container can have. */
record User(int id, int group) {
    /** Ids that nobody uses, out of the range that systemd reserves for containers. */
    private static final int UNUSED = 1_000_000_000;

    static User current() throws IOException {
        Path self = Path.of("/proc/self");
        return new User((Integer) Files.getAttribute(self, "unix:uid"), (Integer) Files.getAttribute(self, "unix:gid"));
    }

    boolean isRoot() {
        return id == 0;
    }

    long mappedUser() {
        return isRoot() ? UNUSED : id;
    }

    long mappedGroup() {
        return isRoot() ? UNUSED : group;
    }

    /** How many ids. */
    long mapped() {
        return isRoot() ? 65_536 : 1;
    }

    @Override
    public String toString() {
        return isRoot() ? "root" : "an ordinary user";
    }
}
