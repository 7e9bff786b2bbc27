package dev.corral;

import java.nio.file.Path;
import java.util.function.Consumer;

/** Where one standard stream of a child leads. */
public sealed interface Stdio
        permits Stdio.Pipe, Stdio.Nothing, Stdio.Inherit, Stdio.Descriptor, Stdio.ToFile, Stdio.FromFile, Stdio.Lines {
    /** To a stream of {@link Child}; the default. */
    static Stdio pipe() {
        return new Pipe();
    }

    /** Input that is at its end; output that goes nowhere. */
    static Stdio nothing() {
        return new Nothing();
    }

    /** The JVM's own stream. */
    static Stdio inherit() {
        return new Inherit();
    }

    /** An open descriptor of the JVM, by its number; it is copied during the start and stays the caller's. */
    static Stdio descriptor(int number) {
        return new Descriptor(number);
    }

    /** Output into a file, emptied first. */
    static Stdio toFile(Path file) {
        return new ToFile(file, false);
    }

    /** Output to the end of a file. */
    static Stdio appendTo(Path file) {
        return new ToFile(file, true);
    }

    /** Input from a file. */
    static Stdio fromFile(Path file) {
        return new FromFile(file);
    }

    /**
     * Output to somebody in this JVM, line by line as it comes, such as a logger: {@code Stdio.lines(log::info)}.
     *
     * @param consumer is called by one daemon thread at a time, with lines of UTF-8 without their ends, a last one that has
     *     none too. What is longer than 16,384 bytes comes in pieces. It may block, and with it the program once a pipe is
     *     full. If it throws, that is logged once, and the next line comes all the same
     */
    static Stdio lines(Consumer<String> consumer) {
        return new Lines(consumer);
    }

    /** A pipe to the JVM. */
    record Pipe() implements Stdio {}

    /** {@code /dev/null}. */
    record Nothing() implements Stdio {}

    /** The JVM's own stream. */
    record Inherit() implements Stdio {}

    /** An open descriptor of the JVM, 0 or more. */
    record Descriptor(int number) implements Stdio {
        public Descriptor {
            if (number < 0) {
                throw new IllegalArgumentException("descriptor " + number + ": it is 0 or more");
            }
        }
    }

    /**
     * A file to write to, created with mode 0666 less the umask where absent. The JVM opens it during the start; a FIFO then
     * waits for its reader, whatever interrupts.
     *
     * @param append whether what is there stays
     */
    record ToFile(Path file, boolean append) implements Stdio {}

    /** A pipe that is read in this JVM, line by line. */
    record Lines(Consumer<String> consumer) implements Stdio {}

    /** A file to read from. The JVM opens it during the start; a FIFO then waits for its writer, whatever interrupts. */
    record FromFile(Path file) implements Stdio {}
}
