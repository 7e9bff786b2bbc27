package dev.corral.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.corral.Child;
import dev.corral.Command;
import java.io.BufferedReader;
import java.io.IOException;

/** What children print. */
public final class Outputs {
    private Outputs() {}

    /** All of standard output, to its end. */
    public static String of(Child child) throws IOException {
        return new String(child.getInputStream().readAllBytes(), UTF_8);
    }

    /** All of standard output of a command that needs no input; what it says on standard error comes too. */
    public static String of(Command command) throws IOException {
        try (Child child = command.errorIntoOutput().start()) {
            child.getOutputStream().close();
            return of(child);
        }
    }

    /** One line of standard output. */
    public static String line(Child child) throws IOException {
        BufferedReader reader = child.inputReader(UTF_8);
        return reader.readLine();
    }
}
