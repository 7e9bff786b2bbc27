package dev.corral.reconcile.workload;

/** Nothing is ever seen of a revision. */
public record ControllerRevisionStatus() {}
