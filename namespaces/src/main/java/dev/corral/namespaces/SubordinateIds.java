package dev.corral.namespaces;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Ids that /etc/subuid or /etc/subgid give to users. Source: subuid(5). */
record SubordinateIds(List<Grant> grants) {
    /**
     * One line.
     *
     * @param owner a name, or a user id in digits
     */
    record Grant(String owner, long first, long count) {
        private long end() {
            return first + count;
        }
    }

    SubordinateIds {
        grants = List.copyOf(grants);
    }

    /** Text of one of the files: {@code owner:first:count} a line. Lines of another form give nothing away. */
    static SubordinateIds parse(String text) {
        List<Grant> found = new ArrayList<>();
        for (String line : text.lines().toList()) {
            String[] fields = line.strip().split(":", -1);
            if (fields.length == 3 && TakenIds.isNumber(fields[1]) && TakenIds.isNumber(fields[2])) {
                found.add(new Grant(fields[0], Long.parseLong(fields[1]), Long.parseLong(fields[2])));
            }
        }
        return new SubordinateIds(found);
    }

    /** What one user has, by id or by name, in the order of the file. */
    SubordinateIds of(long uid, Collection<String> names) {
        String digits = Long.toString(uid);
        return new SubordinateIds(grants.stream()
                .filter(grant -> grant.owner.equals(digits) || names.contains(grant.owner))
                .toList());
    }

    /** The first that gives anything. */
    Optional<Grant> first() {
        return grants.stream().filter(grant -> grant.count > 0).findFirst();
    }

    /** Whether all of a range is given, by one line or by several together. */
    boolean cover(long first, long count) {
        long missing = first;
        while (missing < first + count) {
            long from = missing;
            Optional<Grant> next = grants.stream()
                    .filter(grant -> grant.first <= from && from < grant.end())
                    .findFirst();
            if (next.isEmpty()) {
                return false;
            }
            missing = next.get().end();
        }
        return true;
    }
}
