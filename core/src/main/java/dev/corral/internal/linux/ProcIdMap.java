package dev.corral.internal.linux;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * The ids that exist in a user namespace: only these can be mapped further down from there. Source: user_namespaces(7).
 *
 * @param ranges in the order of the kernel's file
 */
public record ProcIdMap(List<Range> ranges) {
    private static final long ALL = 0xffff_ffffL;

    /** So many ids from {@code inside} on, which are those from {@code outside} on for whoever reads the file. */
    public record Range(long inside, long outside, long count) {
        private boolean holds(long id) {
            return id >= inside && id < inside + count;
        }
    }

    public ProcIdMap {
        ranges = List.copyOf(ranges);
    }

    /** Text of uid_map or gid_map: first id inside, first id outside, count. Lines of another form are left out. */
    public static ProcIdMap parse(String text) {
        List<Range> found = new ArrayList<>();
        for (String line : text.lines().toList()) {
            if (line.matches(" *[0-9]{1,10} +[0-9]{1,10} +[0-9]{1,10} *")) {
                String[] fields = line.strip().split(" +", -1);
                found.add(new Range(Long.parseLong(fields[0]), Long.parseLong(fields[1]), Long.parseLong(fields[2])));
            }
        }
        return new ProcIdMap(found);
    }

    /** Of a file such as /proc/self/uid_map. A kernel without user namespaces has none, and all ids. */
    public static ProcIdMap read(Path file) {
        try {
            return parse(Files.readString(file));
        } catch (IOException absent) {
            return new ProcIdMap(List.of(new Range(0, 0, ALL)));
        }
    }

    /** Whether no process of this user namespace may set its groups; then none of those below may either. */
    public static boolean groupsAreFixed(Path setgroups) {
        byte[] word = new byte[16];
        try (Fd file = new Fd(LibC.open(setgroups, LibC.O_RDONLY))) { // asked at each launch, and cheaper than by Files
            int length = LibC.read(file.number(), word, word.length);
            return new String(word, 0, Math.max(length, 0), US_ASCII).strip().equals("deny");
        } catch (ErrnoException absent) {
            return false;
        }
    }

    /** Whether all of these ids exist. */
    public boolean covers(long first, long count) {
        return ranges.stream().anyMatch(range -> range.holds(first) && range.holds(first + count - 1));
    }

    /** Whether all ids are there and mean themselves: root there is root of the host. */
    public boolean isHosts() {
        return ranges.equals(List.of(new Range(0, 0, ALL)));
    }

    /** Who an id inside is outside; empty if it is not mapped. */
    public OptionalLong outside(long id) {
        return ranges.stream()
                .filter(range -> range.holds(id))
                .mapToLong(range -> range.outside + id - range.inside)
                .findFirst();
    }

    /** The highest id there is; 0 in an empty map. */
    public long last() {
        return ranges.stream()
                .mapToLong(range -> range.inside + range.count - 1)
                .max()
                .orElse(0);
    }
}
