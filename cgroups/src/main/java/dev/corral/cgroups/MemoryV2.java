package dev.corral.cgroups;

import dev.corral.Applied;
import dev.corral.ByteSize;
import java.nio.file.Path;
import java.util.Optional;

/** Memory of version 2. Source: cgroup-v2.rst, "Memory Interface Files". */
record MemoryV2(GroupDirectory group) implements MemoryController {
    private static final String MAX = "memory.max";
    private static final String SWAP_MAX = "memory.swap.max";
    private static final String CURRENT = "memory.current";

    /** Swap first: the kernel checks neither against the other, so the tighter state comes early. */
    @Override
    public void limit(MemoryRequest request, Report report) {
        report.attempt("swap", request.swap().toString(), () -> swap(request));
        report.attempt("memory", request.asked().toString(), () -> {
            refuseBelowUsage(request);
            group.write(MAX, request.value());
            return request.entry(group.path().resolve(MAX), group.text(MAX).map(String::strip));
        });
    }

    @Override
    public Optional<Limit<ByteSize>> limit() {
        return group.text(MAX)
                .map(text -> KernelNumber.size(text, group.host().pageSize())
                        .orElseThrow(() -> group.unreadable(MAX, text)));
    }

    @Override
    public Optional<ByteSize> peak() {
        return group.number("memory.peak").map(ByteSize::bytes);
    }

    private Applied.Entry swap(MemoryRequest request) {
        Path file = group.path().resolve(SWAP_MAX);
        if (!group.exists(SWAP_MAX)) {
            return request.withoutAccounting(
                    file, group.host().tree().read(group.host().proc().resolve("swaps")));
        }
        group.write(SWAP_MAX, swapMax(request));
        String note = request.swap() instanceof SwapPolicy.Total ? "swap alone: the total less the memory limit" : "";
        return new Applied.Entry(
                "swap",
                request.swap().toString(),
                Optional.of(file.toString()),
                group.text(SWAP_MAX).map(String::strip),
                note);
    }

    private static String swapMax(MemoryRequest request) {
        if (request.swap() instanceof SwapPolicy.Total total) {
            long swap = total.sum().bytes() - request.size().bytes();
            return Long.toString(swap - swap % request.pageSize());
        }
        return request.swap() instanceof SwapPolicy.Unlimited ? "max" : "0";
    }

    /** The kernel would take a limit below the usage and kill for it. */
    private void refuseBelowUsage(MemoryRequest request) {
        ByteSize usage = ByteSize.bytes(group.number(CURRENT).orElse(0L));
        if (usage.compareTo(request.size()) > 0) {
            throw new LimitBelowUsage(
                    Failure.of("write", group.path().resolve(MAX))
                            .value(request.value())
                            .why(usage + " are in use, and the kernel would kill processes to get below the limit"),
                    usage,
                    peak(),
                    null);
        }
    }
}
