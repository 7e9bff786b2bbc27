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
record MemoryRequest(ByteSize asked, ByteSize size, SwapPolicy swap, long pageSize) {
    static MemoryRequest of(ByteSize asked, SwapPolicy swap, long pageSize) {
        long bytes = asked.bytes() - asked.bytes() % pageSize;
        if (bytes == 0) {
            throw new InvalidLimit(
                    Failure.of("limit", "memory")
                            .why(asked.bytes() + " bytes are less than a page of this kernel, "
                                    + ByteSize.bytes(pageSize)),
                    null);
        }
        return new MemoryRequest(asked, ByteSize.bytes(bytes), swap, pageSize);
    }

    String value() {
        return Long.toString(size.bytes());
    }

    /** What a kernel shows that took it as it is. */
    Applied.Entry entry(Path file, Optional<String> readBack) {
        String rounded = size.equals(asked)
                ? ""
                : "rounded down from " + asked.bytes() + " bytes to whole pages of " + ByteSize.bytes(pageSize);
        String differs = readBack.filter(text -> !text.equals(value()))
                .map(text -> "the kernel keeps " + text)
                .orElse("");
        String note = rounded.isEmpty() || differs.isEmpty() ? rounded + differs : rounded + ", " + differs;
        return new Applied.Entry("memory", asked.toString(), Optional.of(file.toString()), readBack, note);
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
