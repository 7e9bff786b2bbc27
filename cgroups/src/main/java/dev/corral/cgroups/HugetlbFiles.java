package dev.corral.cgroups;

import dev.corral.ByteSize;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Huge pages from files of either version; which sizes there are shows in the names of the files. */
record HugetlbFiles(List<Size> sizes) {
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
        HugePages.sizes(files.names(group), suffix)
                .forEach((page, name) -> sizes.add(new Size(
                        page,
                        files.open(group, HugePages.file(name, suffix)),
                        files.open(group, HugePages.file(name, ".max_usage_in_bytes")),
                        files.open(group, HugePages.file(name, unified ? ".max" : ".limit_in_bytes")),
                        files.open(group, HugePages.file(name, unified ? ".events" : ".failcnt")),
                        files.open(group, HugePages.file(name, HugePages.RESERVED + suffix)))));
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
}
