package dev.corral.examples.architecture.crooked.shed;

/** A class of no room. */
public final class StandsOutside {}
