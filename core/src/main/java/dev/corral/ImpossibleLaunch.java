package dev.corral;

import java.io.Serial;
import java.util.List;
import java.util.Optional;

/** What the confinements of a command ask for does not go together. */
public final class ImpossibleLaunch extends LaunchException {
    @Serial
    private static final long serialVersionUID = 1L;

    private final transient List<String> problems;

    ImpossibleLaunch(Command command, List<String> problems) {
        super("can't launch " + command + ": " + String.join("; ", problems), null, Optional.empty());
        this.problems = List.copyOf(problems);
    }

    /** All that is wrong, a sentence each. */
    public List<String> problems() {
        return problems;
    }
}
