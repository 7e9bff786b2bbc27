package dev.corral.reconcile;

import java.time.Instant;

/** The plain context. */
record Pass<S, T>(Snapshot snapshot, Resource<S, T> resource, Instant now) implements Context<S, T> {}
