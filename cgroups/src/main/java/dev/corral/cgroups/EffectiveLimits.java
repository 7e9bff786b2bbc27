package dev.corral.cgroups;

import dev.corral.ByteSize;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * What a group may use, with the limits of all groups above it. A part is empty where the group has no such controller.
 *
 * <p>A snapshot: a limit that is changed, and a group that is moved, changes it.
 *
 * @param memory the most memory charged at once
 * @param cpus how many CPUs' worth of time: quota by period
 * @param pids how many processes and threads
 */
public record EffectiveLimits(
        Optional<EffectiveLimit<ByteSize>> memory,
        Optional<EffectiveLimit<Double>> cpus,
        Optional<EffectiveLimit<Long>> pids) {
    static EffectiveLimits of(List<GroupDirectory> directories) {
        return new EffectiveLimits(
                lowest(directories, "memory", group -> new MemoryCounters(group).limit()),
                lowest(directories, "cpu", EffectiveLimits::cpus),
                lowest(directories, "pids", group -> group.text("pids.max").flatMap(KernelNumber::count)));
    }

    private static <V extends Comparable<V>> Optional<EffectiveLimit<V>> lowest(
            List<GroupDirectory> directories, String controller, Function<GroupDirectory, Optional<Limit<V>>> read) {
        Optional<GroupDirectory> holder = directories.stream()
                .filter(directory -> directory.has(controller))
                .findFirst();
        return holder.map(group -> lowest(group.upwards(), read));
    }

    private static <V extends Comparable<V>> EffectiveLimit<V> lowest(
            List<GroupDirectory> levels, Function<GroupDirectory, Optional<Limit<V>>> read) {
        EffectiveLimit.Bound bound =
                isRoot(levels.get(levels.size() - 1)) ? EffectiveLimit.Bound.EXACT : EffectiveLimit.Bound.AT_MOST;
        EffectiveLimit<V> lowest = new EffectiveLimit<>(Limit.max(), Optional.empty(), bound);
        for (GroupDirectory level : levels) {
            Optional<V> value = read.apply(level).flatMap(Limit::value);
            Optional<V> before = lowest.limit().value();
            if (value.isPresent() && (before.isEmpty() || value.get().compareTo(before.get()) < 0)) {
                lowest = new EffectiveLimit<>(Limit.of(value.get()), Optional.of(level.path()), bound);
            }
        }
        return lowest;
    }

    /** The files that only the root of a hierarchy has, or lacks. */
    private static boolean isRoot(GroupDirectory top) {
        return top.hierarchy().unified() ? !top.exists("cgroup.events") : top.exists("release_agent");
    }

    /** Version 2 has both numbers in one file; -1 is unlimited in version 1, max in version 2. */
    private static Optional<Limit<Double>> cpus(GroupDirectory group) {
        List<String> words = group.hierarchy().unified()
                ? group.words("cpu.max")
                : List.of(
                        String.join("", group.words("cpu.cfs_quota_us")),
                        String.join("", group.words("cpu.cfs_period_us")));
        if (words.size() != 2 || words.contains("")) {
            return Optional.empty();
        }
        if (words.get(0).equals("max") || words.get(0).equals("-1")) {
            return Optional.of(Limit.max());
        }
        return KernelNumber.parse(words.get(0))
                .flatMap(quota -> KernelNumber.parse(words.get(1))
                        .filter(period -> period > 0)
                        .map(period -> Limit.of((double) quota / period)));
    }
}
