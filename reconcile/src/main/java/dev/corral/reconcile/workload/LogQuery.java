package dev.corral.reconcile.workload;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Which lines of a container's log are wanted. Source: Kubernetes API, {@code PodLogOptions}.
 *
 * @param previous whether those of the run before the newest one
 * @param since only those read at this time or later
 * @param tailLines only so many, the last ones; 0 or more
 */
public record LogQuery(boolean previous, Optional<Instant> since, OptionalInt tailLines) {
    public LogQuery {
        tailLines.ifPresent(count -> {
            if (count < 0) {
                throw new IllegalArgumentException("the last " + count + " lines: it must be 0 or more");
            }
        });
    }

    /** Everything of the newest run. */
    public static LogQuery all() {
        return new LogQuery(false, Optional.empty(), OptionalInt.empty());
    }

    /** Of the run before the newest one. */
    public LogQuery ofPrevious() {
        return new LogQuery(true, since, tailLines);
    }

    public LogQuery since(Instant time) {
        return new LogQuery(previous, Optional.of(time), tailLines);
    }

    public LogQuery tail(int lines) {
        return new LogQuery(previous, since, OptionalInt.of(lines));
    }

    /** What is wanted of these lines. */
    public List<LogLine> of(List<LogLine> lines) {
        List<LogLine> late = lines.stream()
                .filter(line -> since.map(time -> !line.time().isBefore(time)).orElse(true))
                .toList();
        return late.subList(Math.max(0, late.size() - tailLines.orElse(late.size())), late.size());
    }
}
