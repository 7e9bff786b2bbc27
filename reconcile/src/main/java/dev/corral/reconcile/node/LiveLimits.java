package dev.corral.reconcile.node;

import dev.corral.cgroups.Cgroup;
import dev.corral.cgroups.CgroupException;
import dev.corral.cgroups.CgroupGone;
import dev.corral.cgroups.Limit;
import dev.corral.cgroups.LimitBelowUsage;
import dev.corral.cgroups.Limits;
import dev.corral.cgroups.MemoryV2;
import dev.corral.reconcile.workload.Container;
import dev.corral.reconcile.workload.PodSpec;
import dev.corral.reconcile.workload.Quantity;
import dev.corral.reconcile.workload.Resized;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The limits of a container that runs, which may be changed. */
final class LiveLimits {
    private final Amounts amounts;
    private final Optional<Cgroup> group;
    private Container inForce;
    private List<String> unprotected = List.of();

    /**
     * As they were at the start.
     *
     * @param group the container's; empty if it has none
     */
    LiveLimits(Amounts amounts, Optional<Cgroup> group, Container container) {
        this.amounts = amounts;
        this.group = group;
        this.inForce = container;
    }

    /**
     * Has the kernel spare what was requested of memory, where control groups can do that (version 2). A request is no limit:
     * a container runs without it too. What is only limited is not spared: nothing could be reclaimed from it before it is full.
     */
    synchronized void protect() {
        unprotected = List.of();
        Quantity request = inForce.resources().requests().get("memory");
        Optional<MemoryV2> memory = group.flatMap(own -> own.find(MemoryV2.class));
        if (request != null && memory.isPresent()) {
            try {
                memory.get().low(Limit.of(request.bytes()));
            } catch (CgroupException refused) {
                unprotected = List.of("memory.low " + request + ": " + refused.getMessage());
            }
        }
    }

    /** What was requested and the kernel does not spare. */
    synchronized List<String> unprotected() {
        return unprotected;
    }

    /** Puts others in force, or says why not. */
    synchronized Resized change(PodSpec pod, Container wanted) {
        Set<String> removed = new TreeSet<>(inForce.resources().limits().keySet());
        removed.removeAll(wanted.resources().limits().keySet());
        if (!removed.isEmpty()) {
            return new Resized.NeedsRestart("limits are taken away: " + String.join(", ", removed));
        }
        Optional<Limits> limits = amounts.limits(pod, wanted);
        if (limits.isEmpty()) {
            inForce = wanted;
            return new Resized.Applied();
        }
        if (group.isEmpty()) {
            return new Resized.NeedsRestart("it was started without a control group");
        }
        try {
            group.get().apply(limits.get());
            inForce = wanted;
            protect();
            return new Resized.Applied();
        } catch (LimitBelowUsage inUse) {
            return new Resized.Deferred(String.valueOf(inUse.getMessage()));
        } catch (CgroupGone ended) {
            return new Resized.Deferred("it is about to end: " + ended.getMessage());
        } catch (CgroupException refused) {
            return new Resized.Refused(String.valueOf(refused.getMessage()));
        }
    }
}
