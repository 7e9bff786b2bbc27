package dev.corral.reconcile.workload;

/** There is nothing to tell of settings. */
public record ConfigMapStatus() {}
