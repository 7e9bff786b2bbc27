package dev.corral.cgroups;

import java.io.Serial;

/** What was asked for would stop this JVM, or a thread of it, and nobody in it could end that again. */
public final class HoldsThisJvm extends CgroupException {
    @Serial
    private static final long serialVersionUID = 1L;

    HoldsThisJvm(Failure failure) {
        super(failure, null);
    }
}
