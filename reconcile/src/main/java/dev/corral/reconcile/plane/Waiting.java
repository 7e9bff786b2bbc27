package dev.corral.reconcile.plane;

import dev.corral.reconcile.Clock;
import dev.corral.reconcile.Kind;
import dev.corral.reconcile.Store;
import dev.corral.reconcile.Watch;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;

/** Waits for something that becomes visible in a store. */
record Waiting(Store store, Clock clock) {
    /**
     * Asks now and after each change of a kind, until there is an answer.
     *
     * @return empty when the time is up
     */
    <R> Optional<R> on(Kind<?, ?> kind, Duration timeout, Supplier<Optional<R>> question) throws InterruptedException {
        Instant end = clock.now().plus(timeout);
        try (Watch<?, ?> watch = store.watch(kind)) {
            while (true) {
                Optional<R> answer = question.get();
                Duration left = Duration.between(clock.now(), end);
                if (answer.isPresent() || left.isNegative() || left.isZero()) {
                    return answer;
                }
                watch.await(left);
            }
        }
    }
}
