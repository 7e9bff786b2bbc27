package dev.corral.namespaces;

import dev.corral.Launch.IdRange;
import dev.corral.internal.linux.ProcIdMap;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which ids are mapped for whom. */
final class IdChoice {
    private static final Logger LOG = LoggerFactory.getLogger(IdChoice.class);
    /** As many as one login user gets from useradd(8). */
    private static final long RANGE = 65_536;
    /** What systemd sets aside for containers, so that nobody gives these ids to anybody else. */
    private static final long FIRST = 524_288;

    private static final long LAST = 1_879_048_191;
    /** Where useradd(8) begins. */
    private static final long FIRST_SUBORDINATE = 100_000;

    private IdChoice() {}

    /**
     * An ordinary user's own ids become 0. Root gets the ranges that /etc/subuid and /etc/subgid give to root, or 65,536 ids
     * that these files, /etc/passwd and /etc/group give to nobody, so that root inside owns nothing outside.
     *
     * @throws IdMapRefused for root of the host without the capabilities for that
     */
    static IdMap automatic(Path etc, Path ownMap, Account account) {
        if (!account.root()) {
            return IdMap.of(List.of(new IdRange(0, account.uid(), 1)), List.of(new IdRange(0, account.gid(), 1)));
        }
        ProcIdMap own = ProcIdMap.parse(ProcFiles.textOrEmpty(ownMap));
        if (!own.isHosts()) {
            return account.mapsOthers() ? nested(own) : IdMap.range(0, 0, 1);
        }
        if (!account.mapsOthers()) {
            throw new IdMapRefused(
                    "root without CAP_SETUID and CAP_SETGID may map no id but its own, which is root of the host: run the JVM"
                            + " with them, or say IdMap.shareHostRoot() if that is what you want",
                    null);
        }
        Optional<SubordinateIds.Grant> users =
                subordinate(etc, "subuid", account).first();
        Optional<SubordinateIds.Grant> groups =
                subordinate(etc, "subgid", account).first();
        if (users.isPresent() && groups.isPresent()) {
            return IdMap.of(List.of(range(0, users.get())), List.of(range(0, groups.get())));
        }
        return IdMap.range(0, free(etc, FIRST), RANGE);
    }

    /**
     * For root of a user namespace there are only the ids of that namespace: all but its own, or its own where there is no
     * other, which is nobody in particular outside.
     */
    private static IdMap nested(ProcIdMap own) {
        return own.ranges().stream()
                .filter(range -> range.inside() + range.count() > 1)
                .findFirst()
                .map(range -> range.inside() > 0
                        ? IdMap.range(0, range.inside(), range.count())
                        : IdMap.range(0, 1, range.count() - 1))
                .orElseGet(() -> IdMap.range(0, 0, 1));
    }

    static IdMap subordinate(Path etc, Account account) {
        SubordinateIds.Grant users = granted(etc, "subuid", account);
        SubordinateIds.Grant groups = granted(etc, "subgid", account);
        return account.root()
                ? IdMap.of(List.of(range(0, users)), List.of(range(0, groups)))
                : IdMap.of(
                        List.of(new IdRange(0, account.uid(), 1), range(1, users)),
                        List.of(new IdRange(0, account.gid(), 1), range(1, groups)));
    }

    private static IdRange range(long inside, SubordinateIds.Grant grant) {
        return new IdRange(inside, grant.first(), grant.count());
    }

    private static SubordinateIds.Grant granted(Path etc, String file, Account account) {
        return subordinate(etc, file, account)
                .first()
                .orElseThrow(() -> new IdMapRefused(noLine(etc, file, account), null));
    }

    /** What the files give to an account; nothing where there is no file. */
    static SubordinateIds subordinate(Path etc, String file, Account account) {
        return SubordinateIds.parse(ProcFiles.textOrEmpty(etc.resolve(file))).of(account.uid(), account.names());
    }

    /** That a line is missing, and which. */
    static String noLine(Path etc, String file, Account account) {
        return etc.resolve(file) + " gives no ids to " + account.name() + ": let an administrator add the line "
                + account.name() + ":" + free(etc, FIRST_SUBORDINATE) + ":" + RANGE;
    }

    /** Refuses a map of root's of the host that was not asked for by name, and says aloud that one was. */
    static void checkRoot(IdMap map, Path ownMap, Account account) {
        if (map.sharesHostRoot()) {
            LOG.warn("a user namespace shares root with the host: what runs as root inside is root outside");
        } else if (account.root()
                && map.touchesRoot()
                && ProcIdMap.parse(ProcFiles.textOrEmpty(ownMap)).isHosts()) {
            throw new IdMapRefused(
                    "root of the host is not mapped into a user namespace: leave id 0 outside out of the map, or say"
                            + " IdMap.shareHostRoot() if that is what you want",
                    null);
        }
    }

    /** The first block of ids from a number on that none of the files below a directory like /etc gives away. */
    static long free(Path etc, long from) {
        TakenIds taken = TakenIds.none();
        for (String name : List.of("subuid", "subgid")) {
            taken = taken.and(TakenIds.ranges(text(etc.resolve(name))));
        }
        for (String name : List.of("passwd", "group")) {
            taken = taken.and(TakenIds.accounts(text(etc.resolve(name))));
        }
        for (long first = from; first + RANGE - 1 <= LAST; first += RANGE) {
            if (!taken.touches(first, RANGE)) {
                return first;
            }
        }
        throw new NoFreeIds(
                "no " + RANGE + " free ids between " + from + " and " + LAST + " by the files in " + etc
                        + ": give an id map",
                null);
    }

    private static String text(Path file) {
        try {
            return ProcFiles.text(file);
        } catch (NoSuchFileException nothingTaken) {
            return "";
        } catch (IOException failed) {
            throw new NoFreeIds("can't tell which ids are taken: " + failed + "; give an id map", failed);
        }
    }
}
