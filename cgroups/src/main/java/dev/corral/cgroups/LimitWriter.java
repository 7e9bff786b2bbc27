package dev.corral.cgroups;

import dev.corral.Applied;
import java.util.List;
import java.util.Optional;

/** Sets limits in a group, or tells what that would change. */
record LimitWriter(Cgroup group, Limits limits, Pen pen) {
    /** Controller by controller; one that the group does not have is dropped, or ends it. */
    Applied applied() {
        Report report = new Report(limits.requirement());
        // A wrong size is found before anything is written.
        Optional<MemoryRequest> memory = limits.memory()
                .map(size -> MemoryRequest.of(
                        Limit.of(size),
                        limits.swap(),
                        limits.lowering(),
                        group.host().host().pageSize()));
        for (Controller controller : limits.controllers()) {
            Optional<GroupDirectory> holder = group.holder(controller);
            if (holder.isEmpty()) {
                report.drop(controller.kernelName(), limits.requested(controller), group.missing(controller));
                continue;
            }
            try (Held held = holder.get().hold(pen.isDry() ? "plan" : "limit")) {
                write(controller, holder.get().through(held), memory, report);
            }
        }
        return report.applied();
    }

    private void write(Controller controller, GroupDirectory directory, Optional<MemoryRequest> memory, Report report) {
        switch (controller) {
            case MEMORY ->
                memory.ifPresent(request -> MemoryController.of(directory).limit(request, report, pen));
            case CPU -> cpu(CpuController.of(directory), report);
            case PIDS ->
                limits.pids()
                        .ifPresent(count -> report.attempt(
                                "pids",
                                Integer.toString(count),
                                () -> PidsController.of(directory).limit(count, group.ownProcesses(), pen)));
            case CPUSET -> {
                limits.cpuset().ifPresent(set -> cpuset(directory, CpusetV1.CPUS, set, report));
                limits.mems().ifPresent(set -> cpuset(directory, CpusetV1.MEMS, set, report));
            }
            case IO -> limits.io().forEach(max -> io(directory, max, report));
        }
    }

    private void cpu(CpuController cpu, Report report) {
        limits.cpus()
                .ifPresent(count -> report.attemptAll(
                        "cpu",
                        count + " CPUs",
                        () -> cpu.bandwidth(CpuMax.cpus(count), count + " CPUs", Optional.empty(), pen)));
        limits.cpuWeight()
                .ifPresent(
                        weight -> report.attempt("cpuWeight", Integer.toString(weight), () -> cpu.weight(weight, pen)));
    }

    private void cpuset(GroupDirectory directory, String file, CpuSet set, Report report) {
        report.attemptAll(
                file,
                set.toString(),
                () -> directory.hierarchy().unified()
                        ? new Applied(List.of(new CpusetV2(directory).set(file, set, pen)))
                        : new CpusetTree(directory, file).set(set, pen));
    }

    private void io(GroupDirectory directory, IoMax max, Report report) {
        report.attemptAll(
                "io",
                max.toString(),
                () -> directory.hierarchy().unified()
                        ? new Applied(List.of(new IoV2(directory).max(max, pen)))
                        : new BlkioV1(directory).throttle(max, pen));
    }
}
