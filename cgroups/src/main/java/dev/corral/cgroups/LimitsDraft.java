package dev.corral.cgroups;

import dev.corral.ByteSize;
import dev.corral.Requirement;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/** The parts of limits while one of them changes. */
final class LimitsDraft {
    Optional<ByteSize> memory;
    SwapPolicy swap;
    LowerPolicy lowering;
    OptionalDouble cpus;
    OptionalInt cpuWeight;
    OptionalInt pids;
    Optional<CpuSet> cpuset;
    Optional<CpuSet> mems;
    List<IoMax> io;
    Optional<String> name;
    Optional<Cgroup> parent;
    Requirement requirement;

    LimitsDraft(Limits from) {
        memory = from.memory();
        swap = from.swap();
        lowering = from.lowering();
        cpus = from.cpus();
        cpuWeight = from.cpuWeight();
        pids = from.pids();
        cpuset = from.cpuset();
        mems = from.mems();
        io = from.io();
        name = from.name();
        parent = from.parent();
        requirement = from.requirement();
    }

    Limits limits() {
        return new Limits(memory, swap, lowering, cpus, cpuWeight, pids, cpuset, mems, io, name, parent, requirement);
    }
}
