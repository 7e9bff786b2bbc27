package dev.corral.namespaces;

import dev.corral.Launch.IdRange;
import dev.corral.internal.linux.LibC;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/**
 * Which user and group ids inside a user namespace are which outside. Source: user_namespaces(7).
 *
 * @param users one to 340 ranges that do not overlap
 * @param groups the same for groups
 */
public record IdMap(List<IdRange> users, List<IdRange> groups) {
    private static final int MOST_RANGES = 340;
    /** As many as one login user gets from useradd(8). */
    private static final long RANGE = 65_536;
    /** What systemd sets aside for containers, so that nobody gives these ids to anybody else. */
    private static final long FIRST = 524_288;

    private static final long LAST = 1_879_048_191;

    /** Refuses empty or overlapping ranges with an IllegalArgumentException. */
    public IdMap {
        users = checked("user", users);
        groups = checked("group", groups);
    }

    /** One range for users and groups alike. */
    public static IdMap range(long inside, long outside, long count) {
        List<IdRange> one = List.of(new IdRange(inside, outside, count));
        return new IdMap(one, one);
    }

    /**
     * The map for whoever runs this JVM: an ordinary user's own ids become 0; root gets 65,536 ids that neither
     * /etc/subuid, /etc/subgid, /etc/passwd nor /etc/group give to anybody, so that root inside owns nothing outside.
     */
    static IdMap automatic() {
        int user = LibC.effectiveUser();
        if (user != 0) {
            return new IdMap(List.of(new IdRange(0, user, 1)), List.of(new IdRange(0, LibC.effectiveGroup(), 1)));
        }
        return range(0, free(Path.of("/etc")), RANGE);
    }

    /** The first block of ids that none of the files below a directory like /etc gives away. */
    static long free(Path etc) {
        TakenIds taken = TakenIds.none();
        for (String name : List.of("subuid", "subgid")) {
            taken = taken.and(TakenIds.ranges(text(etc.resolve(name))));
        }
        for (String name : List.of("passwd", "group")) {
            taken = taken.and(TakenIds.accounts(text(etc.resolve(name))));
        }
        for (long first = FIRST; first + RANGE - 1 <= LAST; first += RANGE) {
            if (!taken.touches(first, RANGE)) {
                return first;
            }
        }
        throw new NoFreeIds(
                "no " + RANGE + " free ids between " + FIRST + " and " + LAST + " by the files in " + etc
                        + ": give an id map",
                null);
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (NoSuchFileException nothingTaken) {
            return "";
        } catch (IOException failed) {
            throw new NoFreeIds("can't tell which ids are taken: " + failed + "; give an id map", failed);
        }
    }

    private static List<IdRange> checked(String what, List<IdRange> ranges) {
        if (ranges.isEmpty() || ranges.size() > MOST_RANGES) {
            throw new IllegalArgumentException(
                    "a " + what + " id map has between 1 and " + MOST_RANGES + " ranges, not " + ranges.size());
        }
        for (int i = 0; i < ranges.size(); i++) {
            for (int j = 0; j < i; j++) {
                IdRange a = ranges.get(i);
                IdRange b = ranges.get(j);
                if (overlap(a.inside(), b.inside(), a, b) || overlap(a.outside(), b.outside(), a, b)) {
                    throw new IllegalArgumentException(what + " id ranges overlap: " + b + " and " + a);
                }
            }
        }
        return List.copyOf(ranges);
    }

    private static boolean overlap(long first, long second, IdRange a, IdRange b) {
        return first < second + b.count() && second < first + a.count();
    }
}
