package dev.corral.cgroups;

import dev.corral.ByteSize;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Which sizes of huge pages a group has shows in the names of its files: {@code hugetlb.2MB.max}. */
final class HugePages {
    /** In the suffix of a file about what mappings have reserved, which came with Linux 5.7. */
    static final String RESERVED = ".rsvd";

    private static final String PREFIX = "hugetlb.";
    private static final List<String> UNITS = List.of("KB", "MB", "GB");

    private HugePages() {}

    /**
     * The sizes, ascending, each with the kernel's name for it.
     *
     * @param suffix of a file that is there once for each size, such as {@code .max}
     */
    static SortedMap<ByteSize, String> sizes(Collection<String> files, String suffix) {
        SortedMap<ByteSize, String> sizes = new TreeMap<>();
        for (String file : files) {
            if (file.startsWith(PREFIX) && file.endsWith(suffix) && file.length() > PREFIX.length() + suffix.length()) {
                String name = file.substring(PREFIX.length(), file.length() - suffix.length());
                pageSize(name).ifPresent(size -> sizes.put(size, name));
            }
        }
        return sizes;
    }

    /** The file about huge pages of a size by the kernel's name. */
    static String file(String name, String suffix) {
        return PREFIX + name + suffix;
    }

    /** {@code 2MB}, by which the kernel means 2 MiB; empty for what is no size. */
    static Optional<ByteSize> pageSize(String name) {
        int digits = Math.max(0, name.length() - 2);
        int unit = UNITS.indexOf(name.substring(digits));
        int shift = 10 * (unit + 1);
        return unit < 0
                ? Optional.empty()
                : KernelNumber.parse(name.substring(0, digits))
                        .filter(count -> count <= Long.MAX_VALUE >> shift)
                        .map(count -> ByteSize.bytes(count << shift));
    }
}
