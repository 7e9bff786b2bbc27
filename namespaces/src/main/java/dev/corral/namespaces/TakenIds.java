package dev.corral.namespaces;

import java.util.ArrayList;
import java.util.List;

/** Ids that some file gives to somebody. */
record TakenIds(List<Range> ranges) {
    record Range(long first, long count) {}

    TakenIds {
        ranges = List.copyOf(ranges);
    }

    static TakenIds none() {
        return new TakenIds(List.of());
    }

    /** Text of /etc/subuid or /etc/subgid. */
    static TakenIds ranges(String text) {
        return new TakenIds(SubordinateIds.parse(text).grants().stream()
                .map(grant -> new Range(grant.first(), grant.count()))
                .toList());
    }

    /** Text of /etc/passwd or /etc/group: the id is the third field. */
    static TakenIds accounts(String text) {
        List<Range> found = new ArrayList<>();
        for (String line : text.lines().toList()) {
            String[] fields = line.strip().split(":", -1);
            if (fields.length >= 4 && isNumber(fields[2])) {
                found.add(new Range(Long.parseLong(fields[2]), 1));
            }
        }
        return new TakenIds(found);
    }

    TakenIds and(TakenIds more) {
        List<Range> all = new ArrayList<>(ranges);
        all.addAll(more.ranges);
        return new TakenIds(all);
    }

    boolean touches(long first, long count) {
        return ranges.stream().anyMatch(range -> range.first < first + count && first < range.first + range.count);
    }

    static boolean isNumber(String text) {
        return Digits.are(text, 10);
    }
}
