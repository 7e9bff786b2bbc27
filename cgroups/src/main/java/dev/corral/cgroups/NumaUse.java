package dev.corral.cgroups;

import dev.corral.ByteSize;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Memory of one kind on each memory node. Source: {@code memory.numa_stat}, which counts pages in version 1 and bytes in
 * version 2; here all are bytes.
 *
 * @param kind as the kernel spells it, such as {@code anon}, or {@code hierarchical_total} in version 1
 * @param total on all nodes
 * @param nodes by the number of the node; unmodifiable
 */
public record NumaUse(String kind, ByteSize total, SortedMap<Integer, ByteSize> nodes) {
    public NumaUse {
        nodes = Collections.unmodifiableSortedMap(new TreeMap<>(nodes));
    }

    /**
     * Reads the lines {@code anon=3 N0=1 N1=2} of version 1 and {@code anon N0=4096 N1=8192} of version 2. What has another
     * shape is left out; a count that ran below zero is the largest size.
     *
     * @param unit how many bytes one is
     */
    static List<NumaUse> parse(String text, long unit) {
        List<NumaUse> all = new ArrayList<>();
        for (String line : text.lines().toList()) {
            String[] words = line.strip().split("[ \t]+", -1);
            SortedMap<Integer, ByteSize> nodes = new TreeMap<>();
            long sum = 0;
            for (int i = 1; i < words.length; i++) {
                int equals = words[i].indexOf('=');
                Optional<Long> count = KernelNumber.parse(words[i].substring(equals + 1));
                Optional<Long> node = words[i].startsWith("N") && equals > 1
                        ? KernelNumber.parse(words[i].substring(1, equals))
                        : Optional.empty();
                if (count.isPresent() && node.isPresent()) {
                    long bytes = count.get() > Long.MAX_VALUE / unit ? Long.MAX_VALUE : count.get() * unit;
                    nodes.put(node.get().intValue(), ByteSize.bytes(bytes));
                    sum = sum > Long.MAX_VALUE - bytes ? Long.MAX_VALUE : sum + bytes;
                }
            }
            String kind = words[0].split("=", 2)[0];
            if (!kind.isEmpty() && !nodes.isEmpty()) {
                all.add(new NumaUse(kind, ByteSize.bytes(sum), nodes));
            }
        }
        return List.copyOf(all);
    }
}
