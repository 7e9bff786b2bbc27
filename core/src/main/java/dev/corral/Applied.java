package dev.corral;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What became of each value that a confinement asked for: what was written where, and what the kernel says it is now.
 *
 * @param entries one for each value, in the order in which they were applied
 */
public record Applied(List<Entry> entries) {
    public Applied {
        entries = List.copyOf(entries);
    }

    /**
     * One value.
     *
     * @param feature what was asked for, such as {@code memory}
     * @param requested the value as the caller gave it
     * @param file the kernel file, or empty where there is none to write
     * @param written what was written to it; empty if nothing was, because it was dropped or held the value already
     * @param readBack the value as the kernel shows it afterwards; empty if it was dropped
     * @param note what is worth knowing: rounded, clamped, or why it was dropped; may be empty text
     */
    public record Entry(
            String feature,
            String requested,
            Optional<String> file,
            Optional<String> written,
            Optional<String> readBack,
            String note) {
        /** One of which there is no more to say about what was written. */
        public Entry(String feature, String requested, Optional<String> file, Optional<String> readBack, String note) {
            this(feature, requested, file, Optional.empty(), readBack, note);
        }

        /** The same with something more that is worth knowing; empty text adds nothing. */
        public Entry noting(String more) {
            String all = note.isEmpty() || more.isEmpty() ? note + more : note + ", " + more;
            return new Entry(feature, requested, file, written, readBack, all);
        }

        /** Whether the kernel enforces the value. */
        public boolean enforced() {
            return readBack.isPresent();
        }
    }

    /** Nothing was asked for. */
    public static Applied none() {
        return new Applied(List.of());
    }

    /** The values that are not enforced. */
    public List<Entry> dropped() {
        return entries.stream().filter(entry -> !entry.enforced()).collect(Collectors.toList());
    }

    /** These entries, and those of another report behind them. */
    public Applied and(Applied more) {
        return new Applied(
                Stream.concat(entries.stream(), more.entries.stream()).collect(Collectors.toList()));
    }
}
