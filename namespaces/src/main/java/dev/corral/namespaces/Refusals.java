package dev.corral.namespaces;

import dev.corral.CorralException;
import dev.corral.internal.linux.Errno;
import dev.corral.internal.linux.ErrnoException;
import dev.corral.internal.linux.LibC;

/** Errors of system calls as the exceptions a caller can act on. */
final class Refusals {
    private Refusals() {}

    /**
     * @param what what was to be done, to follow "can't"
     * @param privilege what to do where privilege is lacking
     */
    static CorralException of(String what, ErrnoException refused, String privilege) {
        String why = switch (refused.errno()) {
            case Errno.EPERM, Errno.EACCES ->
                ": uid " + LibC.effectiveUser() + " may not, or a security profile forbids it; " + privilege;
            case Errno.ENOSPC -> ": a limit of namespaces is reached: see /proc/sys/user/max_*_namespaces";
            case Errno.EMFILE -> ": the JVM has as many descriptors open as its limit allows (ulimit -n)";
            default -> "";
        };
        return new NamespaceRefused("can't " + what + ": " + refused.getMessage() + why, refused);
    }
}
