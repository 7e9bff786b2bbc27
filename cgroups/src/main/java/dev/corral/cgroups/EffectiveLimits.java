package dev.corral.cgroups;

import dev.corral.ByteSize;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * What a group may use, with the limits of all groups above it. A part is empty where neither the group nor one above it has such a
 * controller.
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
                lowest(directories, "memory", EffectiveLimits::memory),
                lowest(directories, "cpu", EffectiveLimits::cpus),
                lowest(directories, "pids", EffectiveLimits::pids));
    }

    private static <V extends Comparable<V>> Optional<EffectiveLimit<V>> lowest(
            List<GroupDirectory> directories, String controller, Function<GroupDirectory, Optional<Limit<V>>> read) {
        return directories.stream()
                .filter(directory -> directory.has(controller))
                .findFirst()
                .or(() -> directories.stream()
                        .filter(directory -> isBelow(directory, controller))
                        .findFirst())
                .map(group -> lowest(group.upwards(), read));
    }

    /** In version 2 a group may lack a controller by which one above limits it. */
    private static boolean isBelow(GroupDirectory directory, String controller) {
        return directory.hierarchy().unified() && directory.upwards().stream().anyMatch(above -> above.has(controller));
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

    private static Optional<Limit<ByteSize>> memory(GroupDirectory group) {
        String file = group.hierarchy().unified() ? MemoryV2.MAX : MemoryV1.LIMIT;
        long page = group.host().pageSize();
        return read(group, file, text -> KernelNumber.size(text, page));
    }

    private static Optional<Limit<Long>> pids(GroupDirectory group) {
        return read(group, PidsController.MAX, KernelNumber::count);
    }

    /** Version 2 has both numbers in one file; -1 is unlimited in version 1, max in version 2. */
    private static Optional<Limit<Double>> cpus(GroupDirectory group) {
        if (group.hierarchy().unified()) {
            return read(group, CpuV2.MAX, text -> share(text.strip().split("[ \t]+", 2)));
        }
        return group.number(CpuV1.PERIOD)
                .flatMap(period -> read(group, CpuV1.QUOTA, quota -> share(quota.strip(), Long.toString(period))));
    }

    private static Optional<Limit<Double>> share(String... quotaAndPeriod) {
        if (quotaAndPeriod[0].equals("max") || quotaAndPeriod[0].equals("-1")) {
            return Optional.of(Limit.max());
        }
        return KernelNumber.parse(quotaAndPeriod[0])
                .filter(quota -> quotaAndPeriod.length == 2)
                .flatMap(quota -> KernelNumber.parse(quotaAndPeriod[1])
                        .filter(period -> period > 0)
                        .map(period -> Limit.of((double) quota / period)));
    }

    /** Empty if there is no such file, or nothing in it; what can't be understood is an error, since it may be a limit. */
    private static <V> Optional<Limit<V>> read(
            GroupDirectory group, String file, Function<String, Optional<Limit<V>>> parse) {
        return group.text(file)
                .filter(text -> !text.isBlank())
                .map(text -> parse.apply(text).orElseThrow(() -> group.unreadable(file, text)));
    }
}
