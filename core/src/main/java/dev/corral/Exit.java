package dev.corral;

import dev.corral.internal.launch.ExitRecord;
import dev.corral.internal.linux.Errno;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** How a child ended: it exited with a code, or a signal ended it; with what it used, and why it came to that. Immutable. */
public sealed interface Exit permits Exit.Exited, Exit.Signalled {
    /** The wait status as the kernel gives it. Source: wait(2). */
    int rawStatus();

    /** What is known besides the status. */
    Details details();

    /** The same end with other details. */
    Exit with(Details details);

    /**
     * What is known of an end besides the status.
     *
     * @param duration from the start of the launch to the end
     * @param usage CPU time and resident memory; empty if no init reported, which had been killed before or whose child
     *     other code has reaped
     * @param peakMemory the most memory charged to its control group at once; empty without such a group
     * @param causes why it ended like this, the most telling first; empty when nothing special happened
     */
    record Details(
            Duration duration, Optional<ResourceUsage> usage, Optional<ByteSize> peakMemory, List<Cause> causes) {
        public Details {
            causes = List.copyOf(causes);
        }

        /** With the most memory that was charged to its control group. */
        public Details peakMemory(ByteSize peak) {
            return new Details(duration, usage, Optional.of(peak), causes);
        }

        /** Adds a cause behind those already known. */
        public Details cause(Cause cause) {
            List<Cause> all = new ArrayList<>(causes);
            all.add(cause);
            return new Details(duration, usage, peakMemory, all);
        }
    }

    /**
     * It ended by itself.
     *
     * @param code 0 to 255
     */
    record Exited(int code, int rawStatus, Details details) implements Exit {
        @Override
        public Exited with(Details details) {
            return new Exited(code, rawStatus, details);
        }

        @Override
        public String toString() {
            return Exit.sentence("exited " + code, details);
        }
    }

    /**
     * A signal ended it.
     *
     * @param signal which
     * @param coreDumped whether a core file was written
     */
    record Signalled(Signal signal, boolean coreDumped, int rawStatus, Details details) implements Exit {
        @Override
        public Signalled with(Details details) {
            return new Signalled(signal, coreDumped, rawStatus, details);
        }

        @Override
        public String toString() {
            return Exit.sentence("killed by " + signal + (coreDumped ? " (core dumped)" : ""), details);
        }
    }

    /** The end that a raw wait status means. Source: wait(2). */
    static Exit of(int rawStatus, Details details) {
        int signal = rawStatus & 0x7f;
        return signal == 0
                ? new Exited((rawStatus >> 8) & 0xff, rawStatus, details)
                : new Signalled(new Signal(signal), (rawStatus & 0x80) != 0, rawStatus, details);
    }

    /**
     * The end that a child's init has written down where {@link Command#outliveJvm(Path)} said; empty if it runs, or its init was
     * killed. The only cause it knows is {@link Cause.NeverExecuted}: then the end is not the program's.
     *
     * @param started when the child was started, for the time it took
     * @throws java.io.UncheckedIOException if the file can't be read, or there is none
     */
    static Optional<Exit> recorded(Path exitRecord, Instant started) {
        try {
            Instant end = Files.getLastModifiedTime(exitRecord).toInstant();
            Duration duration = end.isBefore(started) ? Duration.ZERO : Duration.between(started, end);
            return ExitRecord.parse(Files.readAllBytes(exitRecord))
                    .map(record -> of(
                            record.waited().rawStatus(),
                            new Details(
                                    duration,
                                    Optional.of(Verdict.usage(record.waited())),
                                    Optional.empty(),
                                    record.unexecuted().stream()
                                            .<Cause>map(last -> new Cause.NeverExecuted(
                                                    last.step().text(),
                                                    last.errno(),
                                                    last.errno() == 0 ? "" : Errno.name(last.errno())))
                                            .toList())));
        } catch (IOException unreadable) {
            throw new UncheckedIOException("the end recorded in " + exitRecord + " can't be read", unreadable);
        }
    }

    /** Whether it exited with code 0. */
    default boolean ok() {
        return this instanceof Exited exited && exited.code() == 0;
    }

    /**
     * This, if it exited with code 0.
     *
     * @throws CommandFailed otherwise
     */
    default Exit orThrow() {
        if (!ok()) {
            throw new CommandFailed(toString(), this);
        }
        return this;
    }

    /** The exit code, or 128 plus the signal's number as shells give it. */
    default int shellCode() {
        return this instanceof Signalled signalled ? 128 + signalled.signal().number() : (rawStatus() >> 8) & 0xff;
    }

    /** The signal that ended it; empty if it exited by itself. */
    default Optional<Signal> terminatedBy() {
        return this instanceof Signalled signalled ? Optional.of(signalled.signal()) : Optional.empty();
    }

    default Duration duration() {
        return details().duration();
    }

    /** The first cause of a type; empty if none of that type is known. */
    default <C extends Cause> Optional<C> cause(Class<C> type) {
        return details().causes().stream()
                .filter(type::isInstance)
                .map(type::cast)
                .findFirst();
    }

    private static String sentence(String end, Details details) {
        String time = Texts.time(details.duration());
        String causes = details.causes().stream().map(Cause::describe).collect(Collectors.joining(", "));
        String tail = !causes.isEmpty()
                ? ": " + causes
                : details.peakMemory().map(peak -> ", peak memory " + peak).orElse("");
        return end + " in " + time + tail;
    }
}
