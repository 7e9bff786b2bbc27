package dev.corral.cgroups;

import dev.corral.ByteSize;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Huge pages from files of either version; which sizes there are shows in the names of the files. */
record HugetlbFiles(List<Size> sizes) {
    private static final String PREFIX = "hugetlb.";

    private record Size(
            ByteSize page,
            ControlFile current,
            ControlFile peak,
            ControlFile limit,
            ControlFile hits,
            ControlFile reserved) {}

    static HugetlbFiles open(GroupFiles files, GroupDirectory group) {
        boolean unified = group.hierarchy().unified();
        String suffix = unified ? ".current" : ".usage_in_bytes";
        List<Size> sizes = new ArrayList<>();
        for (String name : files.names(group)) {
            if (name.startsWith(PREFIX) && name.endsWith(suffix) && !name.endsWith(".rsvd" + suffix)) {
                String size = name.substring(PREFIX.length(), name.length() - suffix.length());
                String base = PREFIX + size;
                pageSize(size)
                        .ifPresent(page -> sizes.add(new Size(
                                page,
                                files.open(group, name),
                                files.open(group, base + ".max_usage_in_bytes"),
                                files.open(group, base + (unified ? ".max" : ".limit_in_bytes")),
                                files.open(group, base + (unified ? ".events" : ".failcnt")),
                                files.open(group, base + ".rsvd" + suffix))));
            }
        }
        sizes.sort(Comparator.comparing(Size::page));
        return new HugetlbFiles(List.copyOf(sizes));
    }

    /** Empty if the group has no hugetlb controller. */
    Optional<HugetlbStat> read(Scratch scratch) {
        if (sizes.isEmpty()) {
            return Optional.empty();
        }
        List<HugetlbStat.Pages> pages = new ArrayList<>(sizes.size());
        for (Size size : sizes) {
            Optional<ByteSize> current = size.current().size(scratch);
            if (current.isPresent()) {
                pages.add(new HugetlbStat.Pages(
                        size.page(),
                        current.get(),
                        size.peak().size(scratch),
                        size.limit().sizeLimit(scratch, size.page().bytes()),
                        hits(size.hits(), scratch),
                        size.reserved().size(scratch)));
            }
        }
        return Optional.of(new HugetlbStat(pages));
    }

    /** A bare number in version 1, {@code max 3} in version 2. */
    private static Optional<Long> hits(ControlFile file, Scratch scratch) {
        if (!file.read(scratch) || !scratch.words.nextLine() || !scratch.words.nextWord()) {
            return Optional.empty();
        }
        Words words = scratch.words;
        boolean number = words.is("max") ? words.nextWord() && words.isNumber() : words.isNumber();
        return number ? Optional.of(words.count()) : Optional.empty();
    }

    /** The kernel writes 64KB, 2MB or 1GB for powers of 1024. */
    private static Optional<ByteSize> pageSize(String text) {
        int digits = text.length() - 2;
        int power = digits < 1 ? -1 : List.of("KB", "MB", "GB").indexOf(text.substring(digits));
        if (power < 0 || !text.substring(0, digits).chars().allMatch(c -> c >= '0' && c <= '9')) {
            return Optional.empty();
        }
        return Optional.of(ByteSize.kibibytes(Long.parseLong(text.substring(0, digits)) << (10 * power)));
    }
}
