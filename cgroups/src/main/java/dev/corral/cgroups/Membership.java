package dev.corral.cgroups;

import dev.corral.internal.linux.FileNames;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * In which group of one hierarchy a process is. Source: {@code /proc/PID/cgroup}, cgroups(7).
 *
 * @param controllers the hierarchy's controllers, a {@code name=} for one without; empty for version 2
 * @param path the group's path as the kernel prints it, relative to the cgroup namespace
 * @param cut whether the kernel cut the line short, so that the path can't be trusted
 */
record Membership(Set<String> controllers, String path, boolean cut) {
    private static final int LONGEST_LINE = 4095;

    /** One for each line; lines of another shape are left out. A path may hold colons and carriage returns of its own. */
    static List<Membership> parse(String text) {
        return Stream.of(text.split("\n", -1))
                .map(Membership::line)
                .flatMap(Optional::stream)
                .toList();
    }

    private static Optional<Membership> line(String line) {
        String[] fields = line.split(":", 3);
        if (fields.length < 3 || !fields[2].startsWith("/")) {
            return Optional.empty();
        }
        boolean cut = FileNames.bytes(line).length > LONGEST_LINE;
        Set<String> controllers = fields[1].isEmpty() ? Set.of() : Set.copyOf(List.of(fields[1].split(",")));
        return Optional.of(new Membership(controllers, fields[2], cut));
    }

    boolean isV2() {
        return controllers.isEmpty();
    }
}
