package dev.corral;

import java.util.List;

/**
 * What came of {@link Command#run()}; immutable.
 *
 * @param output what it wrote to standard output; empty where that was no pipe
 * @param error the same of standard error
 */
public record Result(Command command, Exit exit, Output output, Output error) {
    private static final int MOST_TOLD = 300;

    /**
     * This, if it exited with code 0.
     *
     * @throws CommandFailed otherwise; its message ends with the last line that was written to standard error
     */
    public Result orThrow() {
        if (!exit.ok()) {
            throw new CommandFailed(command + ": " + exit + lastWords(), exit);
        }
        return this;
    }

    private String lastWords() {
        List<String> lines =
                error.lines().stream().filter(line -> !line.isBlank()).toList();
        if (lines.isEmpty()) {
            return "";
        }
        String last = lines.get(lines.size() - 1).strip();
        return ": " + (last.length() > MOST_TOLD ? last.substring(0, MOST_TOLD) + "..." : last);
    }
}
