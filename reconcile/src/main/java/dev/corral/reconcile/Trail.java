package dev.corral.reconcile;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a process remembers of the last passes for one key. Nothing depends on it but logs, and finding a key that goes in
 * circles: one whose passes write again and again although nobody else has done anything.
 */
final class Trail<S, T> {
    /** So many passes in a row that write. */
    static final int HOT = 10;
    /** Within this time, or it is slow work, not a circle. */
    static final Duration WITHIN = Duration.ofSeconds(10);

    private static final Backoff.Exponential PACE =
            new Backoff.Exponential(Duration.ofMillis(5), Duration.ofSeconds(30));

    private @Nullable Resource<S, T> previous;
    private @Nullable Plan<T> last;
    private @Nullable Plan<T> before;
    private int streak;
    private Instant begun = Instant.MIN;
    private boolean hot;

    synchronized Optional<Resource<S, T>> previous() {
        return Optional.ofNullable(previous);
    }

    synchronized Optional<Plan<T>> last() {
        return Optional.ofNullable(last);
    }

    /** Somebody else has done something. */
    synchronized void disturbed() {
        streak = 0;
        hot = false;
    }

    /**
     * A plan is carried out.
     *
     * @return what the plans differ in, once the key has been found to go in circles
     */
    synchronized Optional<List<String>> passed(Resource<S, T> resource, Plan<T> plan, boolean wrote, Instant now) {
        previous = resource;
        before = last;
        last = plan;
        if (!wrote) {
            disturbed();
            return Optional.empty();
        }
        if (streak == 0 || (!hot && Duration.between(begun, now).compareTo(WITHIN) > 0)) {
            streak = 0;
            begun = now;
        }
        streak++;
        boolean found = !hot && streak >= HOT;
        hot = hot || found;
        return found ? Optional.of(differences(before, plan)) : Optional.empty();
    }

    /** How long a key in circles has to wait at least; empty for all others. */
    synchronized Optional<Duration> penalty() {
        return hot ? Optional.of(Limiter.doubled(PACE, streak - HOT)) : Optional.empty();
    }

    private static <T> List<String> differences(@Nullable Plan<T> one, Plan<T> other) {
        if (one == null) {
            return List.of();
        }
        List<String> found = new ArrayList<>(Differences.between(
                "status", one.status().orElse(null), other.status().orElse(null)));
        Map<String, Object> old = specs(one);
        Map<String, Object> now = specs(other);
        old.forEach((child, spec) -> found.addAll(Differences.between(child, spec, now.get(child))));
        now.keySet().stream()
                .filter(child -> !old.containsKey(child))
                .forEach(child -> found.add(child + ": absent -> listed"));
        return found;
    }

    private static Map<String, Object> specs(Plan<?> plan) {
        Map<String, Object> specs = new TreeMap<>();
        plan.listed().forEach(child -> specs.put(child.kind() + " " + child.name() + ".spec", child.spec()));
        return specs;
    }
}
