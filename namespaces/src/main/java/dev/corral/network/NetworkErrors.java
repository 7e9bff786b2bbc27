package dev.corral.network;

import dev.corral.internal.linux.Errno;
import dev.corral.internal.linux.ErrnoException;

/** What the kernel refused, as the exception a caller can act on. */
final class NetworkErrors {
    private NetworkErrors() {}

    static NetworkException of(String doing, NetlinkRefused refused) {
        return of(doing + ": " + refused.getMessage(), refused.errno(), refused);
    }

    static NetworkException of(String doing, ErrnoException refused) {
        return of(doing + ": " + refused.getMessage(), refused.errno(), refused);
    }

    private static NetworkException of(String what, int errno, RuntimeException cause) {
        String name = Errno.name(errno);
        return switch (errno) {
            case Errno.EPERM, Errno.EACCES ->
                new NetworkDenied(
                        what + ": changing networks takes CAP_NET_ADMIN, and CAP_SYS_ADMIN to enter the child's; "
                                + "without them use Network.userMode()",
                        name,
                        cause);
            case Errno.EOPNOTSUPP ->
                new NetworkFailed(what + ": this kernel has no such kind of interface (veth, bridge)", name, cause);
            case Errno.EMFILE, Errno.ENFILE ->
                new NetworkFailed(what + ": too many open files; raise RLIMIT_NOFILE", name, cause);
            default -> new NetworkFailed(what, name, cause);
        };
    }
}
