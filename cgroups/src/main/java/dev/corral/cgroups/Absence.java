package dev.corral.cgroups;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Where a part of a {@link Usage} comes from, to say why it is empty.
 *
 * @param v1Controller whose hierarchy has the file of version 1; empty if version 1 has none
 * @param since the first Linux with the file of version 2
 */
record Absence(StatMask part, String v1Controller, String v1File, String v2File, String since) {
    private static final List<Absence> PARTS = List.of(
            new Absence(StatMask.CPU, "cpuacct", "cpuacct.usage", "cpu.stat", "4.15"),
            new Absence(StatMask.MEMORY, "memory", "memory.usage_in_bytes", "memory.current", "4.5"),
            new Absence(StatMask.PIDS, "pids", "pids.current", "pids.current", "4.5"),
            new Absence(StatMask.IO, "blkio", "blkio.throttle.io_service_bytes_recursive", "io.stat", "4.5"),
            new Absence(StatMask.HUGETLB, "hugetlb", "hugetlb.<size>.usage_in_bytes", "hugetlb.<size>.current", "5.6"),
            new Absence(StatMask.PRESSURE, "", "", "cpu.pressure", "4.20"),
            new Absence(StatMask.TREE, "", "", "cgroup.stat", "4.14"));

    /** One sentence for each part of the mask, none of which the group has. */
    static List<String> reasons(StatMask mask, List<GroupDirectory> directories) {
        return PARTS.stream()
                .filter(absence -> mask.has(absence.part))
                .map(absence -> absence.reason(directories))
                .toList();
    }

    private String reason(List<GroupDirectory> directories) {
        Optional<Path> v1 = directories.stream()
                .filter(group -> group.hierarchy().controllers().contains(v1Controller))
                .map(GroupDirectory::path)
                .findFirst();
        if (v1.isPresent()) {
            return v1.get().resolve(v1File) + " is missing: this kernel does not have the file";
        }
        Optional<GroupDirectory> unified = directories.stream()
                .filter(group -> group.hierarchy().unified())
                .findFirst();
        if (unified.isEmpty()) {
            return v1Controller.isEmpty()
                    ? part + ": only version 2 has it, and the group has no directory there"
                    : part + ": the group has no directory where version 1 holds " + v1Controller;
        }
        GroupDirectory group = unified.get();
        String pressure = part.equals(StatMask.PRESSURE)
                        && group.text("cgroup.pressure").orElse("").startsWith("0")
                ? "it is switched off in the group by cgroup.pressure"
                : "the controller is not enabled in this group, or the kernel is older than " + since
                        + " or built or booted without it";
        return group.path().resolve(v2File) + " is missing: " + pressure;
    }
}
