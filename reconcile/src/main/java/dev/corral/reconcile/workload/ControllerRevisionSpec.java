package dev.corral.reconcile.workload;

/**
 * A template and its number.
 *
 * @param revision 1 or more; the largest is the newest. A template that comes back gets a new one
 * @param template never changes
 */
public record ControllerRevisionSpec(long revision, PodTemplate template) {}
