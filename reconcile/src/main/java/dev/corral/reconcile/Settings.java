package dev.corral.reconcile;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What of a controller's or loop's options concerns its queue and its passes. */
record Settings(
        int workers,
        List<Relation<?, ?>> relations,
        List<Source> sources,
        Backoff backoff,
        int maxAttempts,
        Optional<Duration> timeout,
        Duration minInterval,
        Duration debounce) {
    static Settings of(ControllerOptions<?, ?> options) {
        return new Settings(
                options.workers,
                options.relations,
                options.sources,
                options.backoff,
                options.maxAttempts,
                options.timeout,
                options.minInterval,
                options.debounce);
    }
}
