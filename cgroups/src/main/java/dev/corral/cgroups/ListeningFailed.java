package dev.corral.cgroups;

import java.io.Serial;

/** What happens to a group is heard no more, for a reason that is not the kernel's: want of memory, for instance. The cause is it. */
public final class ListeningFailed extends CgroupException {
    @Serial
    private static final long serialVersionUID = 1L;

    ListeningFailed(Failure failure, Throwable cause) {
        super(failure, cause);
    }
}
