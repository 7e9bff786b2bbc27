package dev.corral.cgroups;

import dev.corral.internal.linux.Errno;
import dev.corral.internal.linux.ErrnoException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Removes a group from all its hierarchies, each with an outcome of its own. */
record GroupRemoval(Backoff backoff, List<GroupDirectory> directories) {
    /**
     * Tries until it is done or the time is up. What is busy is tried again, for processes take a while to end; anything else
     * is final.
     *
     * @throws CgroupBusy if something is still in it
     */
    void within(Duration limit, boolean groupsToo) {
        List<GroupDirectory> left = new ArrayList<>(directories);
        Map<GroupDirectory, ErrnoException> failures = new LinkedHashMap<>();
        boolean inTime = backoff.until(limit, () -> {
            failures.clear();
            left.removeIf(directory -> {
                Optional<ErrnoException> failure = groupsToo ? directory.remove() : directory.removeAlone();
                failure.ifPresent(reason -> failures.put(directory, reason));
                return failure.isEmpty();
            });
            boolean refused = failures.values().stream().allMatch(reason -> reason.errno() != Errno.EBUSY);
            boolean inTheWay = !groupsToo
                    && left.stream().anyMatch(directory -> !directory.children().isEmpty());
            return left.isEmpty() || refused || inTheWay;
        });
        if (!left.isEmpty()) {
            throw notRemoved(failures, inTime || limit.isZero() ? "" : " after " + Times.text(limit));
        }
    }

    /** The first that is busy is told, or else the first; the others go along with it. */
    private static CgroupException notRemoved(Map<GroupDirectory, ErrnoException> failures, String time) {
        List<Map.Entry<GroupDirectory, ErrnoException>> busy = failures.entrySet().stream()
                .filter(failure -> failure.getValue().errno() == Errno.EBUSY)
                .toList();
        List<CgroupException> refusals = failures.entrySet().stream()
                .filter(failure -> failure.getValue().errno() != Errno.EBUSY)
                .map(failure ->
                        failure.getKey().refusal().notRemoved(failure.getKey().path(), failure.getValue()))
                .toList();
        if (busy.isEmpty()) {
            CgroupException first = refusals.get(0);
            refusals.stream().skip(1).forEach(first::addSuppressed);
            return first;
        }
        CgroupException first =
                busy(busy.stream().map(Map.Entry::getKey).toList(), busy.get(0).getValue(), time);
        refusals.forEach(first::addSuppressed);
        return first;
    }

    private static CgroupBusy busy(List<GroupDirectory> left, ErrnoException cause, String time) {
        String paths = left.stream().map(group -> group.path().toString()).collect(Collectors.joining(", "));
        List<Long> pids = left.stream()
                .flatMap(group -> group.members().stream())
                .distinct()
                .sorted()
                .toList();
        List<String> groups = left.stream()
                .flatMap(group -> group.tree().stream().skip(1))
                .map(group -> group.path().toString())
                .toList();
        String groupsToo = groups.isEmpty() ? "" : " and groups " + groups;
        String what = pids.isEmpty() && !groups.isEmpty()
                ? "groups " + groups + " are still in it"
                : "processes " + pids + groupsToo + " are still in it";
        return new CgroupBusy(Failure.of("remove", paths).errno(cause).why(what + time), pids, groups, cause);
    }
}
