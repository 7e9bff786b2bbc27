package dev.corral.cgroups;

import static dev.corral.ByteSize.mebibytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.corral.Child;
import dev.corral.Command;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Thresholds of memory usage, which version 1 alone has. */
@Tag("v2")
class ThresholdEventsTest extends RealEvents {
    @Test
    void aThresholdOfVersion1IsToldWhenUsageCrossesIt() throws Exception {
        try (Cgroup group = host.create(name);
                Subscription listening = group.on(heard)) {
            assumeTrue(
                    group.path(Controller.MEMORY).orElseThrow().startsWith("/sys/fs/cgroup/memory"),
                    "memory is held by version 2 here");
            listening.threshold(mebibytes(16));
            try (Child child = Command.of("sh", "-c", "(head -c 30000000 /dev/zero; sleep 600) | tail")
                    .with(group)
                    .start()) {
                heard.await("threshold 16 MiB");
                assertThat(child.isAlive()).isTrue();
            }
        }
    }

    @Test
    void aThresholdNeedsVersion1() throws Exception {
        try (Cgroup group = host.create(name);
                Subscription listening = group.on(heard)) {
            assumeTrue(group instanceof CgroupV2, "memory is held by version 1 here");

            assertThatThrownBy(() -> listening.threshold(mebibytes(16)))
                    .isInstanceOf(UnsupportedLimit.class)
                    .hasMessageContaining("memory.high");
        }
    }
}
