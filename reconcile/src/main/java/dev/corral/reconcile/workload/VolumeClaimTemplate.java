package dev.corral.reconcile.workload;

/**
 * A directory that each pod of a StatefulSet has for itself, and finds again after it was replaced.
 *
 * @param name a DNS label; the claim is called {@code <name>-<set>-<ordinal>}
 */
public record VolumeClaimTemplate(String name, PersistentVolumeClaimSpec spec) {}
