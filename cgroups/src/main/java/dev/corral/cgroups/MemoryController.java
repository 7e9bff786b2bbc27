package dev.corral.cgroups;

import dev.corral.ByteSize;
import java.util.Optional;

/** Memory of one group. */
sealed interface MemoryController permits MemoryV1, MemoryV2 {
    static MemoryController of(GroupDirectory group) {
        return group.hierarchy().unified() ? new MemoryV2(group) : new MemoryV1(group);
    }

    GroupDirectory group();

    /** Sets limit and swap. */
    void limit(MemoryRequest request, Report report);

    Optional<Limit<ByteSize>> limit();

    Optional<ByteSize> peak();
}
