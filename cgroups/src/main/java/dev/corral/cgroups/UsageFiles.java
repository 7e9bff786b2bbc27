package dev.corral.cgroups;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The open files for one kind of snapshot of one group. Which files there are is settled when they are opened. */
record UsageFiles(
        GroupFiles files,
        Optional<CpuFiles> cpu,
        Optional<MemoryFiles> memory,
        Optional<PidsFiles> pids,
        Optional<IoFiles> io,
        Optional<HugetlbFiles> hugetlb,
        Optional<PressureFiles> pressure,
        Optional<TreeFiles> tree)
        implements AutoCloseable {
    /**
     * Opens what a mask asks for.
     *
     * @throws CgroupGone if the group was removed
     */
    static UsageFiles open(List<GroupDirectory> directories, StatMask mask) {
        GroupFiles files = GroupFiles.kept();
        UsageFiles open = find(files, directories, mask);
        try {
            files.settle();
            return open;
        } catch (RuntimeException | Error e) {
            files.close();
            throw e;
        }
    }

    /**
     * One snapshot, with no file open longer than that takes.
     *
     * @throws CgroupGone if the group was removed
     */
    static Usage once(List<GroupDirectory> directories, StatMask mask, Scratch scratch, Instant at) {
        try (GroupFiles files = GroupFiles.once(scratch)) {
            Usage usage = find(files, directories, mask).read(scratch, at);
            files.settle();
            return usage;
        }
    }

    private static UsageFiles find(GroupFiles files, List<GroupDirectory> directories, StatMask mask) {
        Places places = new Places(directories, mask);
        try {
            return new UsageFiles(
                    files,
                    mask.has(StatMask.CPU) ? cpu(files, places) : Optional.empty(),
                    places.in("memory", StatMask.MEMORY, group -> MemoryFiles.open(files, group)),
                    places.in("pids", StatMask.PIDS, group -> PidsFiles.open(files, group)),
                    places.in("blkio", StatMask.IO, group -> io(files, group)),
                    places.in("hugetlb", StatMask.HUGETLB, group -> HugetlbFiles.open(files, group)),
                    places.in("", StatMask.PRESSURE, group -> PressureFiles.open(files, group)),
                    places.in("", StatMask.TREE, group -> TreeFiles.open(files, group)));
        } catch (RuntimeException | Error e) {
            files.close();
            throw e;
        }
    }

    Usage read(Scratch scratch, Instant at) {
        return new Usage(
                at,
                cpu.isPresent() ? cpu.get().read(scratch) : Optional.empty(),
                memory.isPresent() ? memory.get().read(scratch) : Optional.empty(),
                pids.isPresent() ? pids.get().read(scratch) : Optional.empty(),
                io.isPresent() ? io.get().read(scratch) : Optional.empty(),
                hugetlb.isPresent() ? hugetlb.get().read(scratch) : Optional.empty(),
                pressure.isPresent() ? pressure.get().read(scratch) : Optional.empty(),
                tree.isPresent() ? tree.get().read(scratch) : Optional.empty());
    }

    /** How many descriptors it holds. */
    int count() {
        return files.count();
    }

    @Override
    public void close() {
        files.close();
    }

    private static Optional<CpuFiles> cpu(GroupFiles files, Places places) {
        Optional<GroupDirectory> cpu = places.v1("cpu");
        Optional<GroupDirectory> acct = places.v1("cpuacct");
        return acct.isPresent()
                ? Optional.of(CpuFiles.V1.open(files, acct.get(), cpu.orElse(acct.get())))
                : places.unified().map(group -> CpuFiles.V2.open(files, group, cpu));
    }

    private static IoFiles io(GroupFiles files, GroupDirectory group) {
        return group.hierarchy().unified() ? IoFiles.V2.open(files, group) : IoFiles.V1.open(files, group);
    }

    private record Places(List<GroupDirectory> directories, StatMask mask) {
        Optional<GroupDirectory> v1(String controller) {
            for (int i = 0; i < directories.size(); i++) {
                if (directories.get(i).hierarchy().controllers().contains(controller)) {
                    return Optional.of(directories.get(i));
                }
            }
            return Optional.empty();
        }

        Optional<GroupDirectory> unified() {
            for (int i = 0; i < directories.size(); i++) {
                if (directories.get(i).hierarchy().unified()) {
                    return Optional.of(directories.get(i));
                }
            }
            return Optional.empty();
        }

        /** The files where version 1 holds the controller, or else in the version 2 tree. */
        <F> Optional<F> in(String controller, StatMask part, Function<GroupDirectory, F> open) {
            return mask.has(part) ? v1(controller).or(this::unified).map(open) : Optional.empty();
        }
    }
}
