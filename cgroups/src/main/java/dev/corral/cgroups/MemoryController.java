package dev.corral.cgroups;

import dev.corral.Applied;
import dev.corral.ByteSize;
import dev.corral.Requirement;
import java.util.List;
import java.util.Optional;

/** Memory of one group. */
abstract sealed class MemoryController extends ControllerFiles permits MemoryV1, MemoryV2 {
    MemoryController(GroupDirectory group) {
        super(group);
    }

    static MemoryController of(GroupDirectory group) {
        return group.hierarchy().unified() ? new MemoryV2(group) : new MemoryV1(group);
    }

    @Override
    public String name() {
        return "memory";
    }

    /**
     * Sets the hard limit and what of swap space may come on top, in the order that the kernel wants. A limit below the usage
     * is refused.
     *
     * @param most one page or more; rounded down to whole pages
     */
    public Applied limits(Limit<ByteSize> most, SwapPolicy swap) {
        return limits(most, swap, LowerPolicy.REFUSE_IF_ABOVE_USAGE);
    }

    /**
     * Sets the hard limit and what of swap space may come on top.
     *
     * @param lowering what to do when the group uses more than that
     */
    public Applied limits(Limit<ByteSize> most, SwapPolicy swap, LowerPolicy lowering) {
        group.requireAlive("limit", "memory");
        Report report = new Report(Requirement.ENFORCE);
        limit(MemoryRequest.of(most, swap, lowering, group.host().pageSize()), report, Pen.writing());
        return report.applied();
    }

    /** Sets limit and swap. */
    abstract void limit(MemoryRequest request, Report report, Pen pen);

    /** The most memory charged to it at once; empty before Linux 5.19 on version 2. */
    public abstract Optional<ByteSize> peak();

    /** Memory by its kind and memory node; empty in kernels without such nodes, and before Linux 5.10 on version 2. */
    public Optional<List<NumaUse>> numaStat() {
        long unit = group.hierarchy().unified() ? 1 : group.host().pageSize();
        return group.text("memory.numa_stat").map(text -> NumaUse.parse(text, unit));
    }

    final LimitBelowUsage belowUsage(String file, String value, String usageFile, String why, CgroupException cause) {
        ByteSize usage = bytesIfAny(usageFile).orElse(ByteSize.bytes(0));
        return new LimitBelowUsage(
                Failure.of("write", path().resolve(file))
                        .value(value)
                        .errno("EBUSY")
                        .why(usage + " are in use" + why
                                + peak().map(most -> ", the peak was " + most).orElse("")),
                usage,
                peak(),
                cause);
    }
}
