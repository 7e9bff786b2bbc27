package dev.corral.cgroups;

import dev.corral.Applied;
import dev.corral.ByteSize;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Huge pages of version 2, of each size apart. Source: cgroup-v2.rst, "HugeTLB". */
public final class HugetlbV2 extends ControllerFiles {
    private static final String PREFIX = "hugetlb.";
    private static final String SUFFIX = ".max";
    private static final Map<String, Integer> UNITS = Map.of("KB", 10, "MB", 20, "GB", 30);

    HugetlbV2(GroupDirectory group) {
        super(group);
    }

    @Override
    public String name() {
        return "hugetlb";
    }

    /** The sizes of huge pages that this kernel has, ascending. */
    public List<ByteSize> pageSizes() {
        return List.copyOf(sizes().keySet());
    }

    /** Huge pages in use. */
    public ByteSize current(ByteSize pageSize) {
        return bytes(file(pageSize, ".current"));
    }

    /** The most huge pages; beyond it a program gets SIGBUS when it touches one. */
    public Limit<ByteSize> max(ByteSize pageSize) {
        return limit(pageSize, SUFFIX);
    }

    /** Sets {@code hugetlb.<size>.max}, rounded down to whole huge pages. */
    public Applied.Entry max(ByteSize pageSize, Limit<ByteSize> most) {
        return limit(pageSize, SUFFIX, most);
    }

    /** Huge pages reserved by mappings. */
    public ByteSize reserved(ByteSize pageSize) {
        return bytes(file(pageSize, ".rsvd.current"));
    }

    /** The most that mappings may reserve; beyond it mmap fails with ENOMEM. */
    public Limit<ByteSize> reservedMax(ByteSize pageSize) {
        return limit(pageSize, ".rsvd" + SUFFIX);
    }

    /** Sets {@code hugetlb.<size>.rsvd.max}, rounded down to whole huge pages. */
    public Applied.Entry reservedMax(ByteSize pageSize, Limit<ByteSize> most) {
        return limit(pageSize, ".rsvd" + SUFFIX, most);
    }

    /** How often the limit was in the way. */
    public long failures(ByteSize pageSize) {
        String file = file(pageSize, ".events");
        return group.keyed(file).get("max").orElseThrow(() -> group.missing(file));
    }

    private Limit<ByteSize> limit(ByteSize pageSize, String suffix) {
        String file = file(pageSize, suffix);
        String text = text(file);
        return KernelNumber.size(text, pageSize.bytes()).orElseThrow(() -> group.unreadable(file, text));
    }

    private Applied.Entry limit(ByteSize pageSize, String suffix, Limit<ByteSize> most) {
        return put(Change.size(group, file(pageSize, suffix), most, "max", pageSize.bytes()));
    }

    private String file(ByteSize pageSize, String suffix) {
        return Optional.ofNullable(sizes().get(pageSize))
                .map(name -> PREFIX + name + suffix)
                .orElseThrow(() -> new UnsupportedLimit(
                        Failure.of("find", path())
                                .why("this kernel has no huge pages of " + pageSize + ", it has "
                                        + sizes().keySet().stream()
                                                .map(ByteSize::toString)
                                                .collect(Collectors.joining(", "))),
                        null));
    }

    /** From the names of the files. */
    private Map<ByteSize, String> sizes() {
        Map<ByteSize, String> sizes = new TreeMap<>();
        for (String file : group.files()) {
            if (file.startsWith(PREFIX) && file.endsWith(".rsvd" + SUFFIX)) {
                String name = file.substring(PREFIX.length(), file.length() - ".rsvd".length() - SUFFIX.length());
                pageSize(name).ifPresent(size -> sizes.put(size, name));
            }
        }
        return sizes;
    }

    /** {@code 2MB}, by which the kernel means 2 MiB. */
    static Optional<ByteSize> pageSize(String name) {
        int unit = name.length() - 2;
        if (unit < 1 || !UNITS.containsKey(name.substring(unit))) {
            return Optional.empty();
        }
        return KernelNumber.parse(name.substring(0, unit))
                .map(count -> ByteSize.bytes(count
                        << Optional.ofNullable(UNITS.get(name.substring(unit))).orElse(0)));
    }
}
