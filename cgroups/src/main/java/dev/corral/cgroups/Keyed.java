package dev.corral.cgroups;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A file of lines with a key and a number, such as {@code cpu.stat}.
 *
 * @param values by key; lines of another shape, and a torn last one, are left out
 */
record Keyed(Map<String, Long> values) {
    static Keyed parse(String text) {
        Map<String, Long> values = new HashMap<>();
        text.lines().forEach(line -> {
            String[] words = line.strip().split("[ \t]+", -1);
            if (words.length == 2) {
                KernelNumber.parse(words[1]).ifPresent(value -> values.put(words[0], value));
            }
        });
        return new Keyed(Map.copyOf(values));
    }

    /** The number of a key; empty if this kernel does not print it. */
    Optional<Long> get(String key) {
        return Optional.ofNullable(values.get(key));
    }
}
