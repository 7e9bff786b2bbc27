package dev.corral.cgroups;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** systemd gave no scope: it does not run here, its programs are missing, or it refused. The hint says what else to do. */
public final class NoScope extends CgroupException {
    @Serial
    private static final long serialVersionUID = 1L;

    NoScope(Failure failure, @Nullable Throwable cause) {
        super(failure, cause);
    }
}
