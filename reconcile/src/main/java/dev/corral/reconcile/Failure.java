package dev.corral.reconcile;

import java.time.Instant;

/**
 * A key whose last pass failed.
 *
 * @param loop the controller or loop
 * @param key the resource
 * @param attempts how many passes failed in a row; 1 or more
 * @param last when the last of them failed
 * @param error why
 */
public record Failure(String loop, Key key, int attempts, Instant last, Throwable error) {}
