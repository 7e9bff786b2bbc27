package dev.corral.cgroups;

import java.time.Duration;
import java.util.Locale;

/**
 * How much time may be lost within a window before somebody is told. Source: psi.rst, "Monitoring for pressure thresholds".
 *
 * <p>Without CAP_SYS_RESOURCE the kernel takes only windows of whole multiples of 2 s (from Linux 6.5 on; none before). Others
 * are rounded up then, and {@link Subscription#notes()} says so.
 *
 * @param resource what tasks wait for
 * @param kind whether some or all of them do
 * @param threshold more than nothing, and no more than the window; whole microseconds
 * @param window 0.5 to 10 s
 */
public record PsiTrigger(Psi.Resource resource, Kind kind, Duration threshold, Duration window) {
    private static final Duration SHORTEST = Duration.ofMillis(500);
    private static final Duration LONGEST = Duration.ofSeconds(10);
    private static final long UNPRIVILEGED_MICROS = 2_000_000;

    /** Who waits. */
    public enum Kind {
        /** At least one task. */
        SOME,
        /** All tasks that have something to do. */
        FULL
    }

    /** Refuses a value outside its range with an IllegalArgumentException. */
    public PsiTrigger {
        if (window.compareTo(SHORTEST) < 0 || window.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("pressure window of " + window + ": it must be between 0.5 and 10 s");
        }
        if (micros(threshold) < 1 || threshold.compareTo(window) > 0) {
            throw new IllegalArgumentException("pressure threshold of " + threshold
                    + ": it must be at least 1 us and no more than the window of " + window);
        }
    }

    /** Pressure on the CPUs. */
    public static PsiTrigger cpu(Kind kind, Duration threshold, Duration window) {
        return new PsiTrigger(Psi.Resource.CPU, kind, threshold, window);
    }

    /** Pressure on memory. */
    public static PsiTrigger memory(Kind kind, Duration threshold, Duration window) {
        return new PsiTrigger(Psi.Resource.MEMORY, kind, threshold, window);
    }

    /** Pressure on block devices. */
    public static PsiTrigger io(Kind kind, Duration threshold, Duration window) {
        return new PsiTrigger(Psi.Resource.IO, kind, threshold, window);
    }

    /** The file, such as {@code memory.pressure}. */
    String file() {
        return resource.file();
    }

    /**
     * What is written to the file. It ends with a newline: without one the files of the whole machine lose the last digit, for
     * they put their NUL there.
     */
    String text() {
        return kind.name().toLowerCase(Locale.ROOT) + " " + micros(threshold) + " " + micros(window) + "\n";
    }

    /** Whether a process without privilege may have it. */
    boolean isUnprivileged() {
        return micros(window) % UNPRIVILEGED_MICROS == 0;
    }

    /** With the next longer window that needs no privilege. */
    PsiTrigger rounded() {
        long windows = (micros(window) + UNPRIVILEGED_MICROS - 1) / UNPRIVILEGED_MICROS;
        return new PsiTrigger(resource, kind, threshold, Times.micros(windows * UNPRIVILEGED_MICROS));
    }

    private static long micros(Duration time) {
        return time.toNanos() / 1_000;
    }
}
