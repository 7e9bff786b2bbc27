package dev.corral.reconcile;

import java.time.Instant;
import java.util.Optional;

/** The plain context. */
record Pass<S, T>(
        Snapshot snapshot,
        Resource<S, T> resource,
        Instant now,
        Attempt attempt,
        Optional<Resource<S, T>> previous,
        boolean transactional)
        implements Context<S, T> {}
