package dev.corral.namespaces;

import dev.corral.Launch;
import dev.corral.Launch.IdRange;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * Which user and group ids inside a user namespace are which outside; immutable. The program starts as user and group 0
 * inside, so both need an id 0.
 *
 * <p>An ordinary user may map its own ids alone; for more than that newuidmap(1) and newgidmap(1) are asked, which go by
 * /etc/subuid and /etc/subgid. A JVM that runs as root may map any ids, but never root of the host without saying so: {@link
 * #shareHostRoot()}. Source: user_namespaces(7).
 */
public final class IdMap {
    private static final int MOST_RANGES = 340;
    private static final long ALL = 0xffff_ffffL;
    private static final Path ETC = Path.of("/etc");
    private static final Path OWN_MAP = Path.of("/proc/self/uid_map");

    private final List<IdRange> users;
    private final List<IdRange> groups;
    private final boolean sharesHostRoot;

    private IdMap(List<IdRange> users, List<IdRange> groups, boolean sharesHostRoot) {
        this.users = checked("user", users);
        this.groups = checked("group", groups);
        this.sharesHostRoot = sharesHostRoot;
    }

    /** One to 340 ranges each, which must not be empty or overlap: an IllegalArgumentException then. */
    public static IdMap of(List<IdRange> users, List<IdRange> groups) {
        return new IdMap(users, groups, false);
    }

    /** One range for users and groups alike. */
    public static IdMap range(long inside, long outside, long count) {
        List<IdRange> one = List.of(new IdRange(inside, outside, count));
        return of(one, one);
    }

    /**
     * The first ranges that /etc/subuid and /etc/subgid give to whoever runs this JVM, by name or by number. For root they
     * begin with 0 inside. For an ordinary user its own ids are 0 inside, so that its files are there, and the ranges begin
     * with 1.
     *
     * @throws IdMapRefused if there is no line for it, or no newuidmap or newgidmap; the message says what to add
     */
    public static IdMap subordinate() {
        return IdChoice.subordinate(ETC, Account.own(ETC));
    }

    /**
     * Every id inside is the same id outside: what runs as root inside <b>is root of the host</b> for every file and process
     * that it can reach, and the namespace protects from nothing. Each launch with it is logged as a warning.
     */
    public static IdMap shareHostRoot() {
        List<IdRange> all = List.of(new IdRange(0, 0, ALL));
        return new IdMap(all, all, true);
    }

    /** The map for whoever runs this JVM, where none was given. */
    static IdMap automatic() {
        return IdChoice.automatic(ETC, OWN_MAP, Account.own(ETC));
    }

    /** The ranges of user ids, in the order given. */
    public List<IdRange> users() {
        return users;
    }

    /** The ranges of group ids, in the order given. */
    public List<IdRange> groups() {
        return groups;
    }

    /** Whether it was made by {@link #shareHostRoot()}. */
    public boolean sharesHostRoot() {
        return sharesHostRoot;
    }

    /** Adds itself to a launch; throws if whoever runs this JVM can't or mustn't have it. */
    void prepare(Launch launch) {
        Account account = Account.own(ETC);
        IdChoice.checkRoot(this, OWN_MAP, account);
        MapHelper helper = MapHelper.ofThisHost(account);
        if (helper.isNeededFor(this)) {
            helper.check(this);
            launch.idMaps(users, groups, pid -> {
                helper.map(this, pid);
                return () -> {}; // the map goes with the namespace
            });
        } else {
            launch.idMaps(users, groups);
        }
    }

    /** Whether an id outside, of a user or of a group, is 0. */
    boolean touchesRoot() {
        return users.stream().anyMatch(range -> range.outside() == 0)
                || groups.stream().anyMatch(range -> range.outside() == 0);
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

    @Override
    public boolean equals(Object other) {
        return other instanceof IdMap that
                && users.equals(that.users)
                && groups.equals(that.groups)
                && sharesHostRoot == that.sharesHostRoot;
    }

    @Override
    public int hashCode() {
        return Objects.hash(users, groups, sharesHostRoot);
    }

    @Override
    public String toString() {
        return "IdMap[users=" + users + ", groups=" + groups + (sharesHostRoot ? ", shares root of the host]" : "]");
    }
}
