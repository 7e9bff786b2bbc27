package dev.corral.cgroups;

import dev.corral.Applied;
import dev.corral.ByteSize;
import java.nio.file.Path;
import java.util.Optional;

/** Memory of version 1. Source: cgroup-v1/memory.rst. */
record MemoryV1(GroupDirectory group) implements MemoryController {
    private static final String LIMIT = "memory.limit_in_bytes";
    private static final String WITH_SWAP = "memory.memsw.limit_in_bytes";
    private static final String USAGE = "memory.usage_in_bytes";
    private static final String PEAK = "memory.max_usage_in_bytes";
    private static final Optional<String> EINVAL = Optional.of("EINVAL");

    @Override
    public void limit(MemoryRequest request, Report report) {
        Path withSwap = group.path().resolve(WITH_SWAP);
        boolean accounted = group.exists(WITH_SWAP);
        report.attempt("memory", request.asked().toString(), () -> {
            if (accounted) {
                writeBoth(request.value(), sum(request));
            } else {
                writeLimit(request.value());
            }
            return request.entry(group.path().resolve(LIMIT), group.text(LIMIT).map(String::strip));
        });
        report.attempt(
                "swap",
                request.swap().toString(),
                () -> accounted
                        ? new Applied.Entry(
                                "swap",
                                request.swap().toString(),
                                Optional.of(withSwap.toString()),
                                group.text(WITH_SWAP).map(String::strip),
                                "memory and swap together")
                        : request.withoutAccounting(
                                withSwap,
                                group.host().tree().read(group.host().proc().resolve("swaps"))));
    }

    @Override
    public Optional<Limit<ByteSize>> limit() {
        return group.text(LIMIT)
                .map(text -> KernelNumber.size(text, group.host().pageSize())
                        .orElseThrow(() -> group.unreadable(LIMIT, text)));
    }

    @Override
    public Optional<ByteSize> peak() {
        return group.number(PEAK).map(ByteSize::bytes);
    }

    private static String sum(MemoryRequest request) {
        if (request.swap() instanceof SwapPolicy.Total total) {
            return Long.toString(total.sum().bytes() - total.sum().bytes() % request.pageSize());
        }
        return request.swap() instanceof SwapPolicy.Unlimited ? "-1" : request.value();
    }

    /** The sum may at no moment be below the limit: raising starts with the sum, lowering with the limit. */
    private void writeBoth(String limit, String sum) {
        boolean raising = limit().flatMap(Limit::value)
                .filter(now -> now.bytes() < Long.parseLong(limit))
                .isPresent();
        try {
            write(limit, sum, raising);
        } catch (KernelRefused e) {
            if (!e.errno().equals(EINVAL)) {
                throw e;
            }
            write(limit, sum, !raising);
        }
    }

    private void write(String limit, String sum, boolean sumFirst) {
        if (sumFirst) {
            group.write(WITH_SWAP, sum);
            writeLimit(limit);
        } else {
            writeLimit(limit);
            group.write(WITH_SWAP, sum);
        }
    }

    private void writeLimit(String limit) {
        try {
            group.write(LIMIT, limit);
        } catch (KernelRefused e) {
            throw e.errno().equals(Optional.of("EBUSY")) ? belowUsage(limit, e) : e;
        }
    }

    private CgroupException belowUsage(String limit, KernelRefused e) {
        ByteSize usage = ByteSize.bytes(group.number(USAGE).orElse(0L));
        return new LimitBelowUsage(
                Failure.of("write", group.path().resolve(LIMIT))
                        .value(limit)
                        .why("EBUSY, " + usage + " are in use and can't be reclaimed"),
                usage,
                peak(),
                e);
    }
}
