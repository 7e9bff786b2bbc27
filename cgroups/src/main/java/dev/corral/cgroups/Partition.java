package dev.corral.cgroups;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * Whether a version 2 group is a partition: has CPUs of its own that nobody else gets.
 *
 * <p>Source: {@code cpuset.cpus.partition} of cgroup-v2.rst.
 *
 * @param kind what was asked for
 * @param invalid why it does not hold at present, in the kernel's words; empty if it holds
 */
public record Partition(Kind kind, Optional<String> invalid) {
    /** What a group can be. */
    public enum Kind {
        /** An ordinary group. */
        MEMBER,
        /** The root of a partition, with load balancing. */
        ROOT,
        /** The root of a partition without load balancing, Linux 6.1. */
        ISOLATED;

        String kernelName() {
            return name().toLowerCase(Locale.ROOT);
        }

        @Override
        public String toString() {
            return kernelName();
        }
    }

    /** Reads {@code root}, {@code isolated invalid (reason)} and the like; empty for what the kernel has not said so far. */
    static Optional<Partition> parse(String text) {
        String[] words = text.strip().split(" ", 3);
        Optional<String> invalid = words.length > 1 && words[1].equals("invalid")
                ? Optional.of(words.length > 2 ? words[2].replaceAll("^\\(|\\)$", "") : "the kernel does not say why")
                : Optional.empty();
        return Arrays.stream(Kind.values())
                .filter(kind -> kind.kernelName().equals(words[0]))
                .findFirst()
                .map(kind -> new Partition(kind, invalid));
    }

    /** Whether it is what was asked for; {@link #invalid} says why not. */
    public boolean holds() {
        return invalid.isEmpty();
    }
}
