package dev.corral.reconcile.node;

import dev.corral.Applied;
import dev.corral.ByteSize;
import dev.corral.Confinement;
import dev.corral.Requirement;
import dev.corral.Scheduling;
import dev.corral.cgroups.DeviceNumber;
import dev.corral.cgroups.IoMax;
import dev.corral.cgroups.Limits;
import dev.corral.reconcile.workload.Confines;
import dev.corral.reconcile.workload.Container;
import dev.corral.reconcile.workload.IoLimit;
import dev.corral.reconcile.workload.PodSpec;
import dev.corral.reconcile.workload.QosClass;
import dev.corral.reconcile.workload.Quantity;
import dev.corral.reconcile.workload.Resources;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How much a container may use, in words of the library.
 *
 * @param requirement what to do about a limit that this host can't enforce
 * @param capacity the memory of this host in bytes; empty if nobody knows
 * @param ownScore the score that children inherit
 * @param mayLowerScore whether this JVM may give a child a lower one
 */
record Amounts(Requirement requirement, OptionalLong capacity, int ownScore, boolean mayLowerScore) {
    /** What a request of one CPU weighs: as much as a group that nobody gave a weight. */
    private static final BigDecimal ONE_CPU = BigDecimal.valueOf(100);

    private static final int MOST_WEIGHT = 10_000;

    /** The limits of a container's group; empty if it needs none. */
    Optional<Limits> limits(PodSpec pod, Container container) {
        Limits all = of(container.resources());
        for (IoLimit io : Confines.of(pod, container).io()) {
            all = all.io(rates(io));
        }
        boolean group = !all.equals(Limits.none())
                || Optional.ofNullable(container.resources().requests().get("memory"))
                        .isPresent();
        return group ? Optional.of(requirement == Requirement.BEST_EFFORT ? all.bestEffort() : all) : Optional.empty();
    }

    /** What the resources alone come to. */
    static Limits of(Resources resources) {
        Limits all = Limits.none();
        if (resources.memory().isPresent()) {
            all = all.memory(resources.memory().map(Quantity::bytes).get());
        }
        if (resources.cpu().isPresent()) {
            all = all.cpus(resources.cpu().get().value().doubleValue());
        }
        if (resources.pids().isPresent()) {
            all = all.pids(resources.pids().get().roundedUp().intValueExact());
        }
        Quantity cpuRequest = resources.effectiveRequests().get("cpu");
        return cpuRequest == null ? all : all.cpuWeight(weight(cpuRequest));
    }

    private static int weight(Quantity cpus) {
        BigDecimal weight = cpus.value().multiply(ONE_CPU).setScale(0, RoundingMode.HALF_UP);
        return weight.max(BigDecimal.ONE).min(BigDecimal.valueOf(MOST_WEIGHT)).intValueExact();
    }

    private static IoMax rates(IoLimit io) {
        IoMax max = IoMax.of(DeviceNumber.parse(io.device()));
        max = io.readBytes().isPresent() ? max.readBytes(bytes(io.readBytes().get())) : max;
        max = io.writeBytes().isPresent() ? max.writeBytes(bytes(io.writeBytes().get())) : max;
        max = io.readOps().isPresent() ? max.readOps(count(io.readOps().get())) : max;
        return io.writeOps().isPresent() ? max.writeOps(count(io.writeOps().get())) : max;
    }

    private static ByteSize bytes(Quantity rate) {
        return ByteSize.bytes(count(rate));
    }

    private static long count(Quantity rate) {
        return rate.roundedUp().longValueExact();
    }

    /** How soon the kernel kills it when memory runs out; what this JVM may not give is told as dropped. */
    Optional<Confinement> score(PodSpec pod, Container container) {
        if (capacity.isEmpty()) {
            return Optional.empty();
        }
        int score = QosClass.oomScoreAdj(pod, container, capacity.getAsLong());
        if (score >= ownScore || mayLowerScore) {
            return Optional.of(Scheduling.inherited().oomScoreAdj(score));
        }
        Applied.Entry dropped = new Applied.Entry(
                "oom_score_adj",
                Integer.toString(score),
                Optional.empty(),
                Optional.empty(),
                "below that of the JVM, " + ownScore + ": it takes CAP_SYS_RESOURCE");
        return Optional.of(launch -> launch.provide(new Applied(List.of(dropped))));
    }
}
