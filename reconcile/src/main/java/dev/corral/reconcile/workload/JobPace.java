package dev.corral.reconcile.workload;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;

/**
 * How long a Job waits after failures: 10 s, 20, 40 and so on up to 600 s from the last one. A success starts it anew.
 *
 * @param failures since the last success, one at the same time included in neither
 * @param lastFailure the last of those; empty without any
 * @param lastSuccess when a pod succeeded last; empty before
 */
public record JobPace(int failures, Optional<Instant> lastFailure, Optional<Instant> lastSuccess) {
    private static final Duration FIRST = Duration.ofSeconds(10);
    private static final Duration LONGEST = Duration.ofMinutes(10);

    static JobPace none() {
        return new JobPace(0, Optional.empty(), Optional.empty());
    }

    /** After more pods have ended, at these times. */
    JobPace after(Collection<Instant> successes, Collection<Instant> more) {
        Optional<Instant> success = latest(lastSuccess, successes);
        boolean anew = !success.equals(lastSuccess)
                && lastFailure.filter(last -> last.isAfter(success.get())).isEmpty();
        var counting = more.stream()
                .filter(failure ->
                        success.filter(last -> !failure.isAfter(last)).isEmpty())
                .toList();
        return new JobPace(
                (anew ? 0 : failures) + counting.size(),
                latest(anew ? Optional.empty() : lastFailure, counting),
                success);
    }

    /** Before when nothing is started; empty if nothing has failed. */
    public Optional<Instant> until() {
        return lastFailure.map(last -> last.plus(delay(failures)));
    }

    /** How long to wait after so many failures in a row; 1 or more. */
    static Duration delay(int failures) {
        return failures > 6 ? LONGEST : FIRST.multipliedBy(1L << (failures - 1));
    }

    private static Optional<Instant> latest(Optional<Instant> one, Collection<Instant> others) {
        Optional<Instant> other = others.stream().max(Instant::compareTo);
        return one.isPresent() && other.isPresent()
                ? Optional.of(one.get().isAfter(other.get()) ? one.get() : other.get())
                : one.or(() -> other);
    }
}
