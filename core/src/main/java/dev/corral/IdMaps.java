package dev.corral;

import dev.corral.Launch.IdRange;
import dev.corral.internal.linux.LibC;
import dev.corral.internal.linux.ProcIdMap;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The id maps of one launch, and who writes them. */
final class IdMaps {
    private static final int MOST_RANGES = 340;
    /** The kernel takes an id map in one write of less than a page. */
    private static final int MAP_PAGE = 4096;

    private static final int CAP_SETGID = 6;

    private static final Path SETGROUPS = Path.of("/proc/self/setgroups");

    private final List<IdRange> users = new ArrayList<>();
    private final List<IdRange> groups = new ArrayList<>();
    private Optional<Launch.Attachment> writer = Optional.empty();
    /** What the kernel says of the JVM; read once. */
    private Optional<Boolean> fixed = Optional.empty();

    boolean denied;

    /** False when there are some already. */
    boolean set(List<IdRange> userIds, List<IdRange> groupIds) {
        if (isSet()) {
            return false;
        }
        users.addAll(userIds);
        groups.addAll(groupIds);
        return true;
    }

    void writer(Launch.Attachment by) {
        writer = Optional.of(by);
    }

    Optional<Launch.Attachment> writer() {
        return writer;
    }

    boolean isSet() {
        return !users.isEmpty() || !groups.isEmpty();
    }

    List<IdRange> users() {
        return users;
    }

    /** The texts that go into uid_map and gid_map. */
    Optional<String> userText() {
        return text(users);
    }

    Optional<String> groupText() {
        return text(groups);
    }

    /** Whether setgroups has to be, or is, switched off: the kernel's condition for a map by an unprivileged writer. */
    boolean deniesSetgroups() {
        return denied || (!groups.isEmpty() && writer.isEmpty() && !LibC.handsDown(CAP_SETGID)) || groupsAreFixed();
    }

    private boolean groupsAreFixed() {
        boolean now = fixed.orElseGet(() -> ProcIdMap.groupsAreFixed(SETGROUPS));
        fixed = Optional.of(now);
        return now;
    }

    /** Who a user inside is outside; empty for one that is not mapped. */
    Optional<Long> outsideUser(long inside) {
        return outside(users, inside);
    }

    Optional<Long> outsideGroup(long inside) {
        return outside(groups, inside);
    }

    private static Optional<Long> outside(List<IdRange> ranges, long inside) {
        return ranges.stream()
                .filter(range -> inside >= range.inside() && inside < range.inside() + range.count())
                .map(range -> range.outside() + inside - range.inside())
                .findFirst();
    }

    void problems(List<String> all) {
        check(all, "user", users);
        check(all, "group", groups);
    }

    private static void check(List<String> all, String what, List<IdRange> ranges) {
        if (!ranges.isEmpty() && ranges.stream().noneMatch(range -> range.inside() == 0)) {
            all.add("the " + what + " id map has no id 0 inside, as which the program starts");
        }
        int bytes = text(ranges).map(Texts::bytes).orElse(0);
        if (ranges.size() > MOST_RANGES || bytes >= MAP_PAGE) {
            all.add("the " + what + " id map has " + ranges.size() + " ranges in " + bytes
                    + " bytes; the kernel takes at most " + MOST_RANGES + " in less than " + MAP_PAGE);
        }
    }

    private static Optional<String> text(List<IdRange> ranges) {
        return ranges.isEmpty()
                ? Optional.empty()
                : Optional.of(ranges.stream()
                        .map(range -> range.inside() + " " + range.outside() + " " + range.count() + "\n")
                        .collect(Collectors.joining()));
    }
}
