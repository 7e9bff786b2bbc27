package dev.corral.cgroups;

import dev.corral.Applied;
import dev.corral.ByteSize;
import dev.corral.internal.linux.Errno;
import java.util.Optional;

/** The memory controller of version 2. Source: cgroup-v2.rst, "Memory Interface Files". */
public final class MemoryV2 extends MemoryController {
    static final String MAX = "memory.max";
    static final String SWAP_MAX = "memory.swap.max";
    private static final String CURRENT = "memory.current";
    private static final String HIGH = "memory.high";
    private static final String LOW = "memory.low";
    private static final String MIN = "memory.min";
    private static final String SWAP_HIGH = "memory.swap.high";
    private static final String OOM_GROUP = "memory.oom.group";
    private static final String RECLAIM = "memory.reclaim";
    private static final String UNLIMITED = "max";
    private static final int RECLAIM_TRIES = 5;

    MemoryV2(GroupDirectory group) {
        super(group);
    }

    /** What is charged now to it and to the groups below, {@code memory.current}. */
    public ByteSize current() {
        return bytes(CURRENT);
    }

    /** The hard limit: at it the kernel reclaims, and kills when that isn't enough. */
    public Limit<ByteSize> max() {
        return size(MAX);
    }

    /** Sets {@code memory.max}, rounded down to whole pages, unless the group uses more than that. */
    public Applied.Entry max(Limit<ByteSize> size) {
        return max(size, LowerPolicy.REFUSE_IF_ABOVE_USAGE);
    }

    /** Sets {@code memory.max}, rounded down to whole pages. The write waits for the kernel to reclaim, or to kill. */
    public Applied.Entry max(Limit<ByteSize> size, LowerPolicy lowering) {
        MemoryRequest request = MemoryRequest.of(
                size, SwapPolicy.UNLIMITED, lowering, group.host().pageSize());
        Optional<CgroupException> reason = refusal(request);
        if (reason.isPresent()) {
            throw reason.get();
        }
        return putMax(request, Pen.writing());
    }

    /** Above it the group is slowed down and reclaimed from, never killed: it may slow to a crawl. */
    public Limit<ByteSize> high() {
        return size(HIGH);
    }

    /** Sets {@code memory.high}, rounded down to whole pages. */
    public Applied.Entry high(Limit<ByteSize> size) {
        return put(Change.size(group, HIGH, size, UNLIMITED));
    }

    /** What is left alone while there is anything else to reclaim. */
    public Limit<ByteSize> low() {
        return size(LOW);
    }

    /** Sets {@code memory.low}, rounded down to whole pages; 0 is no protection. */
    public Applied.Entry low(Limit<ByteSize> size) {
        return put(Change.size(group, LOW, size, UNLIMITED));
    }

    /** What is never reclaimed. */
    public Limit<ByteSize> min() {
        return size(MIN);
    }

    /** Sets {@code memory.min}, rounded down to whole pages; 0 is no protection. */
    public Applied.Entry min(Limit<ByteSize> size) {
        return put(Change.size(group, MIN, size, UNLIMITED));
    }

    /** Swap space in use; empty where it isn't accounted. */
    public Optional<ByteSize> swapCurrent() {
        return bytesIfAny("memory.swap.current");
    }

    /** The most swap space; empty where it isn't accounted. */
    public Optional<Limit<ByteSize>> swapMax() {
        return sizeIfAny(SWAP_MAX);
    }

    /** Sets {@code memory.swap.max}; 0 is no swap at all. */
    public Applied.Entry swapMax(Limit<ByteSize> size) {
        return put(Change.size(group, SWAP_MAX, size, UNLIMITED));
    }

    /** Above it the group is slowed down; empty before Linux 5.8. */
    public Optional<Limit<ByteSize>> swapHigh() {
        return sizeIfAny(SWAP_HIGH);
    }

    /** Sets {@code memory.swap.high}, rounded down to whole pages. */
    public Applied.Entry swapHigh(Limit<ByteSize> size) {
        return put(Change.size(group, SWAP_HIGH, size, UNLIMITED));
    }

    /** Whether the kernel kills the whole group instead of one process; empty before Linux 4.19. */
    public Optional<Boolean> oomGroup() {
        return flag(OOM_GROUP);
    }

    /** Sets {@code memory.oom.group}. */
    public Applied.Entry oomGroup(boolean together) {
        return flag(OOM_GROUP, together);
    }

    @Override
    public Optional<ByteSize> peak() {
        return bytesIfAny("memory.peak");
    }

    /** The most swap space in use at once; empty before Linux 6.5. */
    public Optional<ByteSize> swapPeak() {
        return bytesIfAny("memory.swap.peak");
    }

    /**
     * A peak of its own, which can be reset and counts from then on.
     *
     * @throws UnsupportedLimit before Linux 6.12
     */
    public PeakMeter peakMeter() {
        return PeakMeter.open(group, "memory.peak");
    }

    /** The same for swap space. */
    public PeakMeter swapPeakMeter() {
        return PeakMeter.open(group, "memory.swap.peak");
    }

    /**
     * Asks the kernel to reclaim memory of the group, now.
     *
     * @return whether all of it could be had; that it could not is no error
     * @throws UnsupportedLimit before Linux 5.19
     */
    public Reclaimed reclaim(ByteSize size) {
        return reclaim(Long.toString(size.bytes()), size);
    }

    /**
     * The same, with another swappiness than the machine's.
     *
     * @param swappiness 0, no swap, to 200
     * @throws UnsupportedLimit before Linux 6.9
     */
    public Reclaimed reclaim(ByteSize size, int swappiness) {
        requireBetween(RECLAIM, swappiness, 0, 200);
        return reclaim(size.bytes() + " swappiness=" + swappiness, size);
    }

    /** Swap first: the kernel checks neither against the other, so the tighter state comes early. */
    @Override
    void limit(MemoryRequest request, Report report, Pen pen) {
        Optional<CgroupException> reason = pen.isDry() ? Optional.empty() : refusal(request);
        if (reason.isPresent()) {
            report.drop("memory", request.asked().toString(), reason.get());
            return;
        }
        report.attempt("swap", request.swap().toString(), () -> swap(request, pen));
        report.attempt("memory", request.asked().toString(), () -> putMax(request, pen));
    }

    private Applied.Entry swap(MemoryRequest request, Pen pen) {
        if (!group.exists(SWAP_MAX)) {
            return request.withoutAccounting(
                    path().resolve(SWAP_MAX),
                    group.host().tree().read(group.host().proc().resolve("swaps")));
        }
        boolean total = request.swap() instanceof SwapPolicy.Total;
        return pen.put(Change.size(group, SWAP_MAX, swapMax(request), UNLIMITED)
                .feature("swap")
                .requested(request.swap().toString())
                .noting(total ? "swap alone: the total less the memory limit" : ""));
    }

    private static Limit<ByteSize> swapMax(MemoryRequest request) {
        if (request.swap() instanceof SwapPolicy.Total total) {
            long swap = total.sum().bytes()
                    - request.size().value().map(ByteSize::bytes).orElse(0L);
            return Limit.of(ByteSize.bytes(swap - swap % request.pageSize()));
        }
        return request.swap() instanceof SwapPolicy.Unlimited ? Limit.max() : Limit.of(ByteSize.bytes(0));
    }

    private Applied.Entry putMax(MemoryRequest request, Pen pen) {
        Change change = request.change(group, MAX, UNLIMITED);
        if (pen.isDry()) {
            ByteSize usage = bytesIfAny(CURRENT).orElse(ByteSize.bytes(0));
            return pen.put(change.noting(
                    request.excess(usage).isPresent() ? usage + " are in use: " + request.lowering() : ""));
        }
        long killsBefore = new MemoryCounters(group).kills().orElse(0L);
        group.requireAlive("write", MAX);
        Applied.Entry entry = pen.put(change);
        long kills = new MemoryCounters(group).kills().orElse(0L) - killsBefore;
        return entry.noting(kills <= 0 ? "" : "the kernel killed to get below it: oom_kill rose by " + kills);
    }

    /** Why the limit is not to be written: the kernel would take one below the usage, and kill for it. */
    private Optional<CgroupException> refusal(MemoryRequest request) {
        if (request.lowering() == LowerPolicy.ALLOW_KILL) {
            return Optional.empty();
        }
        Optional<ByteSize> excess = request.excess(bytesIfAny(CURRENT).orElse(ByteSize.bytes(0)));
        String reclaimed = "";
        if (excess.isPresent() && request.lowering() == LowerPolicy.RECLAIM_FIRST) {
            boolean possible = group.exists(RECLAIM);
            reclaimed = possible ? " after reclaiming what can be" : " (this kernel has no memory.reclaim)";
            for (int i = 0; possible && i < RECLAIM_TRIES && excess.isPresent(); i++) {
                reclaim(excess.get());
                excess = request.excess(current());
            }
        }
        if (excess.isEmpty()) {
            return Optional.empty();
        }
        ByteSize usage = current();
        return Optional.of(new LimitBelowUsage(
                Failure.of("write", path().resolve(MAX))
                        .value(request.change(group, MAX, UNLIMITED).value())
                        .why(usage + " are in use" + reclaimed
                                + peak().map(most -> " (the peak was " + most + ")")
                                        .orElse("")
                                + ", and the kernel would kill processes to get below the limit"),
                usage,
                peak(),
                null));
    }

    private Reclaimed reclaim(String value, ByteSize size) {
        group.requireAlive("write", RECLAIM);
        ByteSize before = current();
        boolean complete = true;
        try {
            group.write(RECLAIM, value);
        } catch (KernelRefused e) {
            if (e.is(Errno.EINVAL) && value.contains("swappiness=")) {
                throw new UnsupportedLimit(
                        Failure.of("write", path().resolve(RECLAIM))
                                .value(value)
                                .errno("EINVAL")
                                .why("this kernel takes no swappiness here; Linux 6.9 does"),
                        e);
            }
            if (!e.is(Errno.EAGAIN)) {
                throw e;
            }
            complete = false;
        }
        return new Reclaimed(size, complete, before, current());
    }
}
