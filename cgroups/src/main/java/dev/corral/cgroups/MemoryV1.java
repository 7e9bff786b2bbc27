package dev.corral.cgroups;

import dev.corral.Applied;
import dev.corral.ByteSize;
import dev.corral.internal.linux.Errno;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The memory controller of version 1. Source: cgroup-v1/memory.rst. */
public final class MemoryV1 extends MemoryController {
    static final String LIMIT = "memory.limit_in_bytes";
    static final String WITH_SWAP = "memory.memsw.limit_in_bytes";
    private static final String USAGE = "memory.usage_in_bytes";
    private static final String PEAK = "memory.max_usage_in_bytes";
    private static final String SOFT = "memory.soft_limit_in_bytes";
    private static final String SWAPPINESS = "memory.swappiness";
    private static final String KERNEL = "memory.kmem.limit_in_bytes";
    private static final String FAILURES = "memory.failcnt";
    private static final String OOM = "memory.oom_control";
    private static final String UNLIMITED = "-1";

    MemoryV1(GroupDirectory group) {
        super(group);
    }

    /** The hard limit, {@code memory.limit_in_bytes}. */
    public Limit<ByteSize> hardLimit() {
        return size(LIMIT);
    }

    /** The limit of memory and swap together, {@code memory.memsw.limit_in_bytes}; empty where swap isn't accounted. */
    public Optional<Limit<ByteSize>> limitWithSwap() {
        return sizeIfAny(WITH_SWAP);
    }

    /** What is charged now to it and to the groups below, {@code memory.usage_in_bytes}. */
    public ByteSize usage() {
        return bytes(USAGE);
    }

    /** Memory and swap in use; empty where swap isn't accounted. */
    public Optional<ByteSize> usageWithSwap() {
        return bytesIfAny("memory.memsw.usage_in_bytes");
    }

    /** What the group is pushed back to when the machine runs short; neither a limit nor a protection. */
    public Limit<ByteSize> softLimit() {
        return size(SOFT);
    }

    /** Sets {@code memory.soft_limit_in_bytes}, rounded down to whole pages. */
    public Applied.Entry softLimit(Limit<ByteSize> size) {
        return put(Change.size(group, SOFT, size, UNLIMITED));
    }

    /** How readily swap is used, 0 to 200. */
    public int swappiness() {
        return (int) number(SWAPPINESS);
    }

    /** Sets {@code memory.swappiness}, 0 to 200 (100 before Linux 5.8). */
    public Applied.Entry swappiness(int value) {
        requireBetween(SWAPPINESS, value, 0, 200);
        return put(change(SWAPPINESS, value, Integer.toString(value)));
    }

    /** Whether a process that finds no memory sleeps until there is some, instead of being killed. */
    public boolean oomKillDisabled() {
        return oom("oom_kill_disable");
    }

    /** Sets {@code memory.oom_control}: with true nobody is killed, and the group may stand still for ever. */
    public Applied.Entry oomKillDisabled(boolean disabled) {
        String value = disabled ? "1" : "0";
        return put(change(OOM, disabled, value)
                .seen(
                        text -> Keyed.parse(text)
                                .get("oom_kill_disable")
                                .map(String::valueOf)
                                .orElse(""),
                        value));
    }

    /** Whether its processes stand still for want of memory, with {@link #oomKillDisabled()}. */
    public boolean underOom() {
        return oom("under_oom");
    }

    /** How often the limit was reached since the counter was last reset. */
    public long failures() {
        return number(FAILURES);
    }

    /** Sets {@link #failures()} back to 0. */
    public void resetFailures() {
        group.write(FAILURES, "0");
    }

    @Override
    public Optional<ByteSize> peak() {
        return bytesIfAny(PEAK);
    }

    /** Sets {@link #peak()} back to what is in use now. */
    public void resetPeak() {
        group.write(PEAK, "0");
    }

    /** Drops the page cache of the group, and swaps out what can be, as far as the kernel manages. */
    public void forceEmpty() {
        group.write("memory.force_empty", "0");
    }

    /** The limit of kernel memory alone; empty from Linux 6.x on where the file is gone. */
    public Optional<Limit<ByteSize>> kernelLimit() {
        return sizeIfAny(KERNEL);
    }

    /** Sets {@code memory.kmem.limit_in_bytes}, which kernels from 5.16 on take and ignore; the report says so. */
    public Applied.Entry kernelLimit(Limit<ByteSize> size) {
        Applied.Entry entry = put(Change.size(group, KERNEL, size, UNLIMITED));
        boolean inert = entry.written().isPresent() && !kernelLimit().equals(Optional.of(whole(size)));
        return !inert
                ? entry
                : new Applied.Entry(
                        entry.feature(),
                        entry.requested(),
                        entry.file(),
                        entry.written(),
                        Optional.empty(),
                        "this kernel takes a limit of kernel memory and ignores it");
    }

    @Override
    void limit(MemoryRequest request, Report report, Pen pen) {
        Change limit = request.change(group, LIMIT, UNLIMITED)
                .refusedAs(e -> e.is(Errno.EBUSY)
                        ? belowUsage(
                                LIMIT,
                                request.change(group, LIMIT, UNLIMITED).value(),
                                USAGE,
                                " and can't be reclaimed",
                                e)
                        : e);
        if (!group.exists(WITH_SWAP)) {
            report.attempt("memory", limit.requested(), () -> pen.put(limit));
            report.attempt(
                    "swap",
                    request.swap().toString(),
                    () -> request.withoutAccounting(
                            path().resolve(WITH_SWAP),
                            group.host().tree().read(group.host().proc().resolve("swaps"))));
            return;
        }
        Change sum = sum(request);
        List<Applied.Entry> written = new ArrayList<>();
        report.attempt("memory", limit.requested(), () -> {
            written.addAll(writeBoth(limit, sum, pen));
            return written.get(0);
        });
        if (!written.isEmpty()) {
            report.add(written.get(1));
        }
    }

    private boolean oom(String key) {
        return group.keyed(OOM).get(key).orElseThrow(() -> group.missing(OOM)) != 0;
    }

    private Limit<ByteSize> whole(Limit<ByteSize> size) {
        return size.value()
                .<Limit<ByteSize>>map(asked ->
                        Limit.of(KernelNumber.wholePages(asked, group.host().pageSize(), path())))
                .orElse(size);
    }

    private Change sum(MemoryRequest request) {
        if (request.size().isMax() && !(request.swap() instanceof SwapPolicy.Unlimited)) {
            throw new UnsupportedLimit(
                    Failure.of("write", path().resolve(WITH_SWAP))
                            .why("version 1 bounds memory and swap together, so without a memory limit swap can't be"
                                    + " bounded alone")
                            .hint("set a memory limit, or SwapPolicy.UNLIMITED"),
                    null);
        }
        Limit<ByteSize> sum = request.swap() instanceof SwapPolicy.Unlimited
                ? Limit.max()
                : request.swap() instanceof SwapPolicy.Total total ? Limit.of(total.sum()) : request.size();
        Change change = Change.size(group, WITH_SWAP, sum, UNLIMITED);
        return change.feature("swap")
                .requested(request.swap().toString())
                .noting("memory and swap together")
                .refusedAs(e -> e.is(Errno.EBUSY)
                        ? belowUsage(
                                WITH_SWAP,
                                change.value(),
                                "memory.memsw.usage_in_bytes",
                                ", swap included, and can't be reclaimed",
                                e)
                        : e);
    }

    /** The sum may at no moment be below the limit: raising starts with the sum, lowering with the limit. */
    private List<Applied.Entry> writeBoth(Change limit, Change sum, Pen pen) {
        boolean raising = sizeIfAny(LIMIT)
                .flatMap(Limit::value)
                .filter(now -> limit.expected().equals("max") || now.bytes() < Long.parseLong(limit.expected()))
                .isPresent();
        try {
            return write(limit, sum, raising, pen);
        } catch (KernelRefused e) {
            if (!e.is(Errno.EINVAL)) {
                throw e;
            }
            return write(limit, sum, !raising, pen);
        }
    }

    private static List<Applied.Entry> write(Change limit, Change sum, boolean sumFirst, Pen pen) {
        Applied.Entry first = pen.put(sumFirst ? sum : limit);
        Applied.Entry second = pen.put(sumFirst ? limit : sum);
        return sumFirst ? List.of(second, first) : List.of(first, second);
    }
}
