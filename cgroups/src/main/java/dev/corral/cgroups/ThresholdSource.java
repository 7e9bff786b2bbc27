package dev.corral.cgroups;

import dev.corral.ByteSize;

/** A threshold of {@code memory.usage_in_bytes} of version 1. */
final class ThresholdSource extends EventControl {
    private static final String USAGE = "memory.usage_in_bytes";

    private final ByteSize threshold;

    ThresholdSource(Subscription subscription, GroupDirectory group, ByteSize threshold) {
        super(subscription, group, USAGE, Long.toString(threshold.bytes()));
        this.threshold = threshold;
    }

    @Override
    void happened() {
        ByteSize usage = ByteSize.bytes(group.number(USAGE).orElse(0L));
        subscription.deliver(events -> events.threshold(threshold, usage));
    }
}
