package dev.corral.cgroups;

import dev.corral.Applied;
import dev.corral.ByteSize;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.stream.Collectors;

/** Huge pages of version 2, of each size apart. Source: cgroup-v2.rst, "HugeTLB". */
public final class HugetlbV2 extends ControllerFiles {
    private static final String MAX = ".max";
    private static final String CURRENT = ".current";

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
        return bytes(file(pageSize, CURRENT));
    }

    /** The most huge pages; beyond it a program gets SIGBUS when it touches one. */
    public Limit<ByteSize> max(ByteSize pageSize) {
        return limit(pageSize, MAX);
    }

    /** Sets {@code hugetlb.<size>.max}, rounded down to whole huge pages. */
    public Applied.Entry max(ByteSize pageSize, Limit<ByteSize> most) {
        return limit(pageSize, MAX, most);
    }

    /** Huge pages reserved by mappings. */
    public ByteSize reserved(ByteSize pageSize) {
        return bytes(file(pageSize, HugePages.RESERVED + CURRENT));
    }

    /** The most that mappings may reserve; beyond it mmap fails with ENOMEM. */
    public Limit<ByteSize> reservedMax(ByteSize pageSize) {
        return limit(pageSize, HugePages.RESERVED + MAX);
    }

    /** Sets {@code hugetlb.<size>.rsvd.max}, rounded down to whole huge pages. */
    public Applied.Entry reservedMax(ByteSize pageSize, Limit<ByteSize> most) {
        return limit(pageSize, HugePages.RESERVED + MAX, most);
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
                .map(name -> HugePages.file(name, suffix))
                .orElseThrow(() -> new UnsupportedLimit(
                        Failure.of("find", path())
                                .why("this kernel has no huge pages of " + pageSize + ", it has "
                                        + sizes().keySet().stream()
                                                .map(ByteSize::toString)
                                                .collect(Collectors.joining(", "))),
                        null));
    }

    private SortedMap<ByteSize, String> sizes() {
        return HugePages.sizes(group.files(), MAX);
    }
}
