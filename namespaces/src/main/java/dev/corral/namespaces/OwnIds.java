package dev.corral.namespaces;

import dev.corral.Launch.IdRange;
import java.util.ArrayList;
import java.util.List;

/** The ids of the user namespace that the JVM itself is in. */
final class OwnIds {
    private static final long ALL = 0xffff_ffffL;

    private OwnIds() {}

    /** Text of {@code /proc/PID/uid_map}: {@code inside outside count} a line. Source: user_namespaces(7). */
    static List<IdRange> parse(String text) {
        List<IdRange> ranges = new ArrayList<>();
        for (String line : text.lines().toList()) {
            String[] fields = line.strip().split(" +", -1);
            if (fields.length == 3 && TakenIds.isNumber(fields[0]) && TakenIds.isNumber(fields[2])) {
                ranges.add(
                        new IdRange(Long.parseLong(fields[0]), Long.parseLong(fields[1]), Long.parseLong(fields[2])));
            }
        }
        return ranges;
    }

    /** Whether root there is root of the host: all ids are there and mean themselves. */
    static boolean all(List<IdRange> ranges) {
        return ranges.equals(List.of(new IdRange(0, 0, ALL)));
    }
}
