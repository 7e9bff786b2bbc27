package dev.corral.reconcile;

/**
 * Which pass in a row this is without a success in between.
 *
 * @param number 1 for the first; 1 or more
 * @param last whether no further one follows if this one fails
 */
public record Attempt(int number, boolean last) {}
