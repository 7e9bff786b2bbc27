package dev.corral.reconcile.node;

import java.nio.file.Path;
import java.time.Duration;

/**
 * Lets containers outlive their JVM, and the control plane after it take them over.
 *
 * @param directory where is written down what runs; of one control plane at a time, on a file system of this host
 * @param patience how long what runs from before may wait to be wanted by a pod; what nobody wants by then is ended
 */
public record AdoptPolicy(Path directory, Duration patience) {
    /** What there is time for unless another one is said. */
    public static final Duration USUAL_PATIENCE = Duration.ofMinutes(1);

    public AdoptPolicy {
        directory = directory.toAbsolutePath();
        if (patience.isNegative()) {
            throw new IllegalArgumentException("a patience of " + patience + ": it must be 0 or more");
        }
    }
}
