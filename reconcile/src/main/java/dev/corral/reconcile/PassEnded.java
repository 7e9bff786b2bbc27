package dev.corral.reconcile;

import java.time.Duration;

/**
 * One pass that has ended.
 *
 * @param loop the controller or loop
 * @param kind name of the resource's kind
 * @param key the resource
 * @param id the pass's own name, which its log lines and events carry too, as in {@code Web-17}
 * @param attempt which pass in a row without a success in between; 1 or more
 * @param waited how long the key was ready before
 * @param took from the beginning to the end of the pass
 * @param outcome how it ended
 */
public record PassEnded(
        String loop, String kind, Key key, String id, int attempt, Duration waited, Duration took, Outcome outcome) {}
