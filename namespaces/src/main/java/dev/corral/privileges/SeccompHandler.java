package dev.corral.privileges;

/**
 * Decides on a system call that waits for the answer.
 *
 * <p>Called on a daemon thread that belongs to the child: one call at a time, while the others of that child wait. An
 * exception is logged, and the call answers EIO; the next one is asked about as before.
 *
 * <p>Not a wall: what an argument points at may change between the look and the kernel's own look, so {@link
 * SeccompAnswer#proceed} must not depend on the content of the child's memory. Whoever wants to be sure does the work itself and
 * answers with its result. Source: seccomp_unotify(2).
 */
@FunctionalInterface
public interface SeccompHandler {
    /** The answer to one call. */
    SeccompAnswer answer(SeccompCall call) throws Exception;
}
