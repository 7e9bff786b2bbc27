package dev.corral.cgroups;

import java.io.Serial;

/** A group was not frozen in time, because a process in it hangs in the kernel; it runs again. */
public final class FreezeTimeout extends CgroupException {
    @Serial
    private static final long serialVersionUID = 1L;

    FreezeTimeout(Failure failure) {
        super(failure, null);
    }
}
