package dev.corral.cgroups;

import dev.corral.Applied;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What setting limits would change, as the files were when they were looked at. An immutable snapshot.
 *
 * @param changes one for each file with another value, in the order in which they would be written
 * @param dropped limits that can't be set in this group, each with the reason
 */
public record LimitPlan(List<Change> changes, List<Applied.Entry> dropped) {
    public LimitPlan {
        changes = List.copyOf(changes);
        dropped = List.copyOf(dropped);
    }

    /**
     * One value that would be written.
     *
     * @param feature what was asked for, such as {@code memory}
     * @param requested the value as the caller gave it
     * @param before what the file says now; empty if there is no such file
     * @param after what it would say
     * @param note what is worth knowing: rounded, below the usage; may be empty text
     */
    public record Change(
            String feature, String requested, Path file, Optional<String> before, String after, String note) {
        @Override
        public String toString() {
            return file + ": " + before.orElse("no such file") + " -> " + after
                    + (note.isEmpty() ? "" : " (" + note + ")");
        }
    }

    /** Whether everything asked for is in place. */
    public boolean isInPlace() {
        return changes.isEmpty() && dropped.isEmpty();
    }

    /** A line for each change, and for each limit that can't be set. */
    @Override
    public String toString() {
        return Stream.concat(
                        changes.stream().map(Change::toString),
                        dropped.stream().map(entry -> entry.feature() + ": " + entry.note()))
                .collect(Collectors.joining("\n"));
    }
}
