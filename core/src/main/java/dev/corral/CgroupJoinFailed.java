package dev.corral;

import java.io.Serial;

/** The child may not be born in its control group. */
public final class CgroupJoinFailed extends LaunchException {
    @Serial
    private static final long serialVersionUID = 1L;

    CgroupJoinFailed(String message, Throwable cause, Failure failure) {
        super(message, cause, failure);
    }
}
