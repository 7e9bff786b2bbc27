package dev.corral.reconcile;

import dev.corral.CorralException;
import java.io.Serial;
import java.util.List;
import java.util.stream.Collectors;

/** A declared resource breaks rules of its kind. Nothing was stored. The message lists all that is wrong, not just the first. */
public final class InvalidSpec extends CorralException {
    @Serial
    private static final long serialVersionUID = 1L;

    private final transient List<Problem> problems;

    InvalidSpec(Kind<?, ?> kind, Key key, List<Problem> problems) {
        super(kind.name() + " " + key + " is refused: "
                + problems.stream().map(Problem::toString).collect(Collectors.joining("; ")));
        this.problems = List.copyOf(problems);
    }

    /** All that is wrong; never empty. */
    public List<Problem> problems() {
        return problems;
    }
}
