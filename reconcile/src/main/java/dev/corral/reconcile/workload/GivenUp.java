package dev.corral.reconcile.workload;

import dev.corral.reconcile.Resource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The pods of an owner that have given up, and from when on each of them is replaced: 10 s after its end. If the one that took the
 * place of such a pod gives up too, the next waits twice as long, 300 s at most, unless it ran for more than 600 s.
 */
final class GivenUp {
    private static final Duration FORGOTTEN = BackOff.LONGEST.multipliedBy(2);

    private final List<Instant> due = new ArrayList<>();
    private final Instant now;

    GivenUp(Collection<Resource<PodSpec, PodStatus>> pods, Instant now) {
        this.now = now;
        Optional<Instant> before = Optional.empty();
        Duration delay = BackOff.FIRST;
        List<Resource<PodSpec, PodStatus>> ended = pods.stream()
                .filter(GivenUp::is)
                .sorted(Comparator.comparing(GivenUp::end))
                .toList();
        for (Resource<PodSpec, PodStatus> pod : ended) {
            Instant created = pod.metadata().created();
            Instant end = end(pod);
            // Those that ran at the same time are of one generation.
            if (before.isPresent() && !created.isBefore(before.get())) {
                delay = end.isAfter(created.plus(FORGOTTEN)) ? BackOff.FIRST : BackOff.doubled(delay);
                before = Optional.of(end);
            }
            before = before.or(() -> Optional.of(end));
            due.add(end.plus(delay));
        }
    }

    /** Whether a pod has. */
    static boolean is(Resource<PodSpec, PodStatus> pod) {
        return pod.status().phase().terminal() && pod.status().reason().equals(PodStatus.RESTART_LIMIT_EXCEEDED);
    }

    /** When nothing of a pod ran any more. */
    static Instant end(Resource<PodSpec, PodStatus> pod) {
        return pod.status()
                .all()
                .flatMap(status -> status.state() instanceof ContainerState.Terminated end
                        ? Stream.of(end.finishedAt())
                        : Stream.empty())
                .max(Instant::compareTo)
                .orElse(pod.metadata().created());
    }

    /** How many of them are not replaced yet. */
    int waiting() {
        return (int) due.stream().filter(now::isBefore).count();
    }

    /** When the next one is. */
    Optional<Instant> next() {
        return due.stream().filter(now::isBefore).min(Instant::compareTo);
    }
}
