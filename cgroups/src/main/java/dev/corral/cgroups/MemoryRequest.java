package dev.corral.cgroups;

import dev.corral.Applied;
import dev.corral.ByteSize;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A memory limit in whole pages. The kernel would round down too, and silently.
 *
 * @param asked as the caller gave it
 * @param size rounded down, one page or more
 */
record MemoryRequest(
        Limit<ByteSize> asked, Limit<ByteSize> size, SwapPolicy swap, LowerPolicy lowering, long pageSize) {
    static MemoryRequest of(Limit<ByteSize> asked, SwapPolicy swap, LowerPolicy lowering, long pageSize) {
        if (asked.value().isEmpty()) {
            return new MemoryRequest(asked, asked, swap, lowering, pageSize);
        }
        long wanted = asked.value().get().bytes();
        long bytes = wanted - wanted % pageSize;
        if (bytes == 0) {
            throw new InvalidLimit(
                    Failure.of("limit", "memory")
                            .why(wanted + " bytes are less than a page of this kernel, " + ByteSize.bytes(pageSize)),
                    null);
        }
        if (swap instanceof SwapPolicy.Total total && total.sum().bytes() < wanted) {
            throw new InvalidLimit(
                    Failure.of("limit", "swap")
                            .why("memory and swap together, " + total.sum() + ", must be at least the memory limit of "
                                    + ByteSize.bytes(wanted)),
                    null);
        }
        return new MemoryRequest(asked, Limit.of(ByteSize.bytes(bytes)), swap, lowering, pageSize);
    }

    /** The limit as a change of its file. */
    Change change(GroupDirectory group, String file, String unlimited) {
        return Change.size(group, file, asked, unlimited).feature("memory").requested(asked.toString());
    }

    /** How much a group with so much in use is above the limit; empty if it is not. */
    Optional<ByteSize> excess(ByteSize usage) {
        return size.value()
                .filter(most -> usage.compareTo(most) > 0)
                .map(most -> ByteSize.bytes(usage.bytes() - most.bytes()));
    }

    /**
     * A kernel that does not account swap can still keep a hard limit where there is no swap.
     *
     * @param swaps the text of {@code /proc/swaps}: a heading, then one line for each swap space
     */
    Applied.Entry withoutAccounting(Path file, Optional<String> swaps) {
        boolean none = swaps.isPresent() && swaps.get().lines().count() <= 1;
        if (!none && !(swap instanceof SwapPolicy.Unlimited)) {
            throw new UnsupportedLimit(
                    Failure.of("write", file)
                            .why("this kernel does not account swap, and the machine has some")
                            .hint("boot with swapaccount=1, switch swap off, or allow it with SwapPolicy.UNLIMITED"),
                    null);
        }
        String kept = none ? "no swap on this machine" : "unlimited";
        return new Applied.Entry(
                "swap", swap.toString(), Optional.empty(), Optional.of(kept), "this kernel does not account swap");
    }
}
