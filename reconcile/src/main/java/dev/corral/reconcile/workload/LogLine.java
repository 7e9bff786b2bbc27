package dev.corral.reconcile.workload;

import java.time.Instant;

/**
 * A line that a container has written.
 *
 * @param time when it was read
 * @param text without the end of the line; longer ones than 16 KiB come in several
 */
public record LogLine(Instant time, String text) {
    /** The time, a space and the text. */
    @Override
    public String toString() {
        return time + " " + text;
    }
}
