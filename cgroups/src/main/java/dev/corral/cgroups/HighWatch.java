package dev.corral.cgroups;

import dev.corral.ByteSize;
import dev.corral.internal.linux.Errno;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Whether {@code memory.high} of a version 2 group, or of one above, slowed its processes down since a moment. Source:
 * cgroup-v2.rst, "Memory Interface Files"; psi.rst.
 */
final class HighWatch {
    private static final String HIGH = "high";

    private final GroupDirectory group;
    private final Map<GroupDirectory, Long> before = new LinkedHashMap<>();
    private final Duration stalledBefore;

    HighWatch(GroupDirectory group) {
        this.group = group;
        group.upwards().forEach(level -> before.put(level, count(level)));
        stalledBefore = stalled(group).orElse(Duration.ZERO);
    }

    /** The lowest group that was above its {@code memory.high}, and how long all processes waited; empty if none was. */
    Optional<LimitCause.MemoryThrottled> since() {
        Optional<Duration> stalled = stalled(group).map(now -> now.minus(stalledBefore));
        return stalled.flatMap(time -> before.entrySet().stream()
                .filter(level -> count(level.getKey()) > level.getValue())
                .findFirst()
                .map(Map.Entry::getKey)
                .flatMap(
                        owner -> limit(owner).map(limit -> new LimitCause.MemoryThrottled(limit, time, owner.path()))));
    }

    private static Optional<ByteSize> limit(GroupDirectory owner) {
        return owner.text("memory.high")
                .flatMap(text -> KernelNumber.size(text, owner.host().pageSize()))
                .flatMap(Limit::value);
    }

    /** How often its own level was exceeded; before Linux 5.2 that of groups below too. */
    private static long count(GroupDirectory level) {
        return level.keyed("memory.events.local")
                .get(HIGH)
                .or(() -> level.keyed("memory.events").get(HIGH))
                .orElse(0L);
    }

    /** How long all processes with something to do waited for memory; empty where the kernel does not account it. */
    private static Optional<Duration> stalled(GroupDirectory group) {
        try {
            return group.text("memory.pressure").flatMap(HighWatch::full);
        } catch (KernelRefused e) {
            if (e.is(Errno.EOPNOTSUPP)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private static Optional<Duration> full(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return Pressure.parse(new Words().over(bytes, 0, bytes.length)).full().map(Pressure.Stall::total);
    }
}
