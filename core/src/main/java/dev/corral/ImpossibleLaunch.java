package dev.corral;

import java.io.Serial;
import java.util.List;

/** What the confinements of a command ask for does not go together. */
public final class ImpossibleLaunch extends LaunchException {
    @Serial
    private static final long serialVersionUID = 1L;

    private final String[] problems;

    ImpossibleLaunch(Command command, List<String> problems) {
        super("can't launch " + command + ": " + String.join("; ", problems), null, null);
        this.problems = problems.toArray(String[]::new);
    }

    /** All that is wrong, a sentence each. */
    public List<String> problems() {
        return List.of(problems);
    }
}
