package dev.corral.reconcile.plane;

import dev.corral.reconcile.Kind;
import dev.corral.reconcile.Store;
import dev.corral.reconcile.Watch;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/** Waits, in real time, for something that becomes visible in a store. */
final class Waiting {
    private Waiting() {}

    /**
     * Asks now and after each change of a kind, until there is an answer.
     *
     * @return empty when the time is up
     */
    static <R> Optional<R> on(Store store, Kind<?, ?> kind, Duration timeout, Supplier<Optional<R>> question)
            throws InterruptedException {
        long end = System.nanoTime() + timeout.toNanos();
        try (Watch<?, ?> watch = store.watch(kind)) {
            while (true) {
                Optional<R> answer = question.get();
                Duration left = Duration.ofNanos(end - System.nanoTime());
                if (answer.isPresent() || left.isNegative() || left.isZero()) {
                    return answer;
                }
                watch.await(left);
            }
        }
    }
}
