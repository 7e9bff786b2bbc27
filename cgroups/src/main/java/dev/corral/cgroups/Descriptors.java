package dev.corral.cgroups;

import dev.corral.internal.linux.Fd;
import dev.corral.internal.linux.LibC;
import java.nio.file.Path;

/** Opens control files for who keeps them open. */
final class Descriptors {
    private Descriptors() {}

    /**
     * Opens a file of a group, and not that of a later one of the same name: it is looked at after the opening, for nothing that
     * was seen before holds then. What the kernel refuses is an {@link dev.corral.internal.linux.ErrnoException}.
     */
    static Fd open(GroupDirectory group, String file, int flags) {
        Path path = group.path().resolve(file);
        Fd fd = new Fd(LibC.open(path, flags));
        try {
            if (group.alive()) {
                return fd;
            }
            throw Refusal.gone(Failure.of("open", path), null);
        } catch (RuntimeException | Error e) {
            fd.close();
            throw e;
        }
    }
}
