package dev.corral.examples.quickstart;

import java.io.IOException;
import java.io.PrintStream;

/** Shows on this machine's kernel what Corral exists for, checks each claim, and ends with code 1 if one does not hold. */
public final class Quickstart {
    private final Steps steps;

    private Quickstart(PrintStream out) {
        this.steps = new Steps(out, System::nanoTime);
    }

    /** Takes no arguments. */
    public static void main(String[] arguments) throws IOException {
        System.exit(new Quickstart(System.out).run() ? 0 : 1);
    }

    private boolean run() throws IOException {
        Leftovers leftovers = Leftovers.before();
        try (Payload payload = Payload.copied()) {
            steps.step("one child has all seven namespaces for itself", new LoneChild(payload)::prove);
        } catch (Steps.Failed told) {
            steps.say("what follows that step is left out");
        }
        try {
            steps.step("nothing is left", leftovers::check);
        } catch (Steps.Failed told) {
            return false;
        }
        return !steps.failed();
    }
}
