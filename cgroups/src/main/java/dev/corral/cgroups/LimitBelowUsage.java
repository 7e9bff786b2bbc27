package dev.corral.cgroups;

import dev.corral.ByteSize;
import java.io.Serial;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A memory limit was to be set below what the group uses now. The limit is as it was. */
public final class LimitBelowUsage extends CgroupException {
    @Serial
    private static final long serialVersionUID = 1L;

    private final long usage;
    private final long peak;

    LimitBelowUsage(Failure failure, ByteSize usage, Optional<ByteSize> peak, @Nullable Throwable cause) {
        super(failure, cause);
        this.usage = usage.bytes();
        this.peak = peak.map(ByteSize::bytes).orElse(-1L);
    }

    /** What the group used when the limit was refused. */
    public ByteSize usage() {
        return ByteSize.bytes(usage);
    }

    /** The most it ever used; empty where the kernel does not keep it. */
    public Optional<ByteSize> peak() {
        return peak < 0 ? Optional.empty() : Optional.of(ByteSize.bytes(peak));
    }
}
