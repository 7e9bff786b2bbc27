package dev.corral.reconcile.workload;

/** There is nothing to tell of secrets. */
public record SecretStatus() {}
