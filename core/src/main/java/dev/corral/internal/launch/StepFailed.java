package dev.corral.internal.launch;

import dev.corral.internal.linux.Errno;
import java.io.Serial;

/** A step of the launcher that failed. */
public final class StepFailed extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    private final Step step;
    private final Stage stage;
    private final int errno;
    private final int index;
    private final String detail;

    public StepFailed(Step step, Stage stage, int errno, int index, String detail) {
        super("launch step " + step.text() + ": " + Errno.name(errno) + (detail.isEmpty() ? "" : " (" + detail + ")"));
        this.step = step;
        this.stage = stage;
        this.errno = errno;
        this.index = index;
        this.detail = detail;
    }

    public Step step() {
        return step;
    }

    public Stage stage() {
        return stage;
    }

    public int errno() {
        return errno;
    }

    /** Which operation of the step, from 0. */
    public int index() {
        return index;
    }

    /** What the step was about, a path as a rule; may be empty. */
    public String detail() {
        return detail;
    }
}
