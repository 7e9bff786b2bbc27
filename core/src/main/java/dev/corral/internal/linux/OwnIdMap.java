package dev.corral.internal.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The ids that exist in the user namespace of this JVM; only these can be mapped further down.
 *
 * @param ranges in the order of the kernel's file
 */
public record OwnIdMap(List<Range> ranges) {
    /** Ids from {@code first} on, as this JVM counts them. */
    public record Range(long first, long count) {}

    public OwnIdMap {
        ranges = List.copyOf(ranges);
    }

    /** Text of uid_map or gid_map: first id inside, first id outside, count. Source: user_namespaces(7). */
    public static OwnIdMap parse(String text) {
        List<Range> found = new ArrayList<>();
        for (String line : text.lines().toList()) {
            String[] fields = line.strip().split("\\s+", -1);
            if (fields.length == 3) {
                found.add(new Range(Long.parseLong(fields[0]), Long.parseLong(fields[2])));
            }
        }
        return new OwnIdMap(found);
    }

    /** Of a file such as /proc/self/uid_map. A kernel without user namespaces has none, and all ids. */
    public static OwnIdMap read(Path file) {
        try {
            return parse(Files.readString(file));
        } catch (IOException absent) {
            return new OwnIdMap(List.of(new Range(0, 0xffff_ffffL)));
        }
    }

    /** Whether no process of this user namespace may set its groups; then none of those below may either. */
    public static boolean groupsAreFixed(Path setgroups) {
        try {
            return Files.readString(setgroups).strip().equals("deny");
        } catch (IOException absent) {
            return false;
        }
    }

    /** Whether all of these ids exist. */
    public boolean covers(long first, long count) {
        return ranges.stream().anyMatch(range -> first >= range.first && first + count <= range.first + range.count);
    }

    /** The highest id there is; 0 in an empty map. */
    public long last() {
        return ranges.stream()
                .mapToLong(range -> range.first + range.count - 1)
                .max()
                .orElse(0);
    }
}
