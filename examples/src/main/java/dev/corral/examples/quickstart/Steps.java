package dev.corral.examples.quickstart;

import java.io.PrintStream;
import java.util.Locale;
import java.util.function.LongSupplier;

/** What is done one after the other, told to a person: a line for each step with the time it took, and what was seen. */
final class Steps {
    private static final String INDENT = " ".repeat(17);

    private final PrintStream out;
    private final LongSupplier nanoTime;
    private boolean failed;

    /**
     * Steps of which none is done.
     *
     * @param nanoTime as {@link System#nanoTime}
     */
    Steps(PrintStream out, LongSupplier nanoTime) {
        this.out = out;
        this.nanoTime = nanoTime;
    }

    /** What a step does. */
    @FunctionalInterface
    interface Work {
        /** Gives what was seen, any number of lines. */
        String run() throws Exception;
    }

    /** What follows a failed step makes no sense: the failure was told, and this ends the rest. */
    static final class Failed extends RuntimeException {
        private static final long serialVersionUID = 1;

        private Failed(String title, Exception cause) {
            super(title, cause);
        }
    }

    /**
     * Does a step and tells how it went.
     *
     * @throws Failed if it threw something
     */
    void step(String title, Work work) {
        long begin = nanoTime.getAsLong();
        try {
            String seen = work.run();
            tell("ok", time(begin), title, seen);
        } catch (Exception e) {
            failed = true;
            tell("FAILED", time(begin), title, e instanceof Claim ? String.valueOf(e.getMessage()) : e.toString());
            if (!(e instanceof Claim)) {
                e.printStackTrace(out);
            }
            if (e instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            throw new Failed(title, e);
        }
    }

    /** Tells that a step is left out. */
    void skip(String title, String why) {
        tell("skipped", "", title, why);
    }

    /** Tells something between two steps. */
    void say(String text) {
        out.println(text);
        out.flush();
    }

    boolean failed() {
        return failed;
    }

    private void tell(String mark, String time, String title, String seen) {
        out.printf("%-7s %8s %s%n", mark, time, title);
        seen.lines().forEach(line -> out.println((INDENT + line).stripTrailing()));
        out.flush();
    }

    private String time(long begin) {
        return String.format(Locale.ROOT, "%.2f s", (nanoTime.getAsLong() - begin) / 1e9);
    }
}
