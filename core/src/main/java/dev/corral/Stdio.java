package dev.corral;

import java.nio.file.Path;

/** Where one standard stream of a child leads. */
public sealed interface Stdio
        permits Stdio.Pipe, Stdio.Nothing, Stdio.Inherit, Stdio.Descriptor, Stdio.ToFile, Stdio.FromFile {
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

    /** A file to read from. The JVM opens it during the start; a FIFO then waits for its writer, whatever interrupts. */
    record FromFile(Path file) implements Stdio {}
}
