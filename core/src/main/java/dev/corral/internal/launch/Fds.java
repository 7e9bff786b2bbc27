package dev.corral.internal.launch;

import dev.corral.internal.linux.Fd;
import java.util.ArrayList;
import java.util.List;

/** Descriptors that are closed together, those already closed or taken aside. */
final class Fds implements AutoCloseable {
    private final List<Fd> all = new ArrayList<>();

    Fds(int... descriptors) {
        for (int descriptor : descriptors) {
            add(descriptor);
        }
    }

    Fd add(int descriptor) {
        Fd fd = new Fd(descriptor);
        all.add(fd);
        return fd;
    }

    Fd keep(Fd fd) {
        all.add(fd);
        return fd;
    }

    /** Hands the only descriptor to a new owner. */
    Fd take() {
        return all.remove(0);
    }

    @Override
    public void close() {
        all.forEach(Fd::close);
    }
}
