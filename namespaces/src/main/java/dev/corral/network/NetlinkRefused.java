package dev.corral.network;

import dev.corral.internal.linux.Errno;
import java.io.Serial;
import java.util.Optional;

/** A change the kernel refused; callers turn it into the {@link NetworkException} that says what to do. */
final class NetlinkRefused extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    private final int errno;

    NetlinkRefused(String what, int errno, Optional<String> text) {
        super(
                what + ": " + Errno.name(errno)
                        + text.map(words -> " (" + words + ")").orElse(""),
                null,
                false,
                true);
        this.errno = errno;
    }

    int errno() {
        return errno;
    }
}
