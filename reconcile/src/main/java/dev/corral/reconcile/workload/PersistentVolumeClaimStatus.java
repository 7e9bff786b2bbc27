package dev.corral.reconcile.workload;

/** Nothing is told of a directory yet. */
public record PersistentVolumeClaimStatus() {}
