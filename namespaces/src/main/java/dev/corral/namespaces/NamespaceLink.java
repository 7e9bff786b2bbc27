package dev.corral.namespaces;

import dev.corral.Confinement;
import dev.corral.internal.linux.Errno;
import dev.corral.internal.linux.ErrnoException;
import dev.corral.internal.linux.Fd;
import dev.corral.internal.linux.PollCalls;
import dev.corral.internal.linux.ProcessCalls;
import java.util.EnumSet;

/**
 * A namespace as it was found at a process, which it can be reached by as long as that process is in it; immutable. Two
 * links are equal when they lead to the same namespace, whichever processes they were found at.
 */
public final class NamespaceLink {
    private final ProcessNamespaces process;
    private final Namespace namespace;

    NamespaceLink(ProcessNamespaces process, Namespace namespace) {
        this.process = process;
        this.namespace = namespace;
    }

    /** Which namespace it is. */
    public Namespace namespace() {
        return namespace;
    }

    /** The process it was found at. */
    public long pid() {
        return process.pid();
    }

    /**
     * Opens the namespace: the handle keeps it, whatever becomes of the process.
     *
     * @throws NamespaceGone if the process has ended, even if its pid was given to another, or is in another one now
     * @throws NamespacesUnreadable if this user may not look at the process any more
     */
    public NamespaceHandle open() {
        try (Fd same = pidfd()) {
            process.check(EnumSet.of(namespace.type()));
            NamespaceHandle opened = NamespaceHandle.at(process.file(namespace.type()));
            // Alive until here, so what was opened in between was its own and not that of a successor with its pid.
            if (PollCalls.poll(same.number(), PollCalls.POLLIN, 0) != 0
                    || !opened.namespace().equals(namespace)) {
                opened.close();
                throw new NamespaceGone("pid " + pid() + " has left " + namespace, null);
            }
            return opened;
        }
    }

    private Fd pidfd() {
        try {
            return new Fd(ProcessCalls.pidfdOpen(Math.toIntExact(pid())));
        } catch (ErrnoException refused) {
            if (refused.errno() == Errno.ESRCH) {
                throw new NamespaceGone("pid " + pid() + " has ended", refused);
            }
            throw Refusals.of("open " + namespace, refused, "");
        }
    }

    /** Lets a child run in it, as {@link NamespaceHandle#join()} does; it is opened at each launch. */
    public Confinement join() {
        return Join.of(this);
    }

    /** Runs work in it, as {@link NamespaceHandle#call} does. */
    public <T, X extends Exception> T call(NamespaceWork<T, X> work) throws X {
        try (NamespaceHandle handle = open()) {
            return handle.call(work);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof NamespaceLink that && namespace.equals(that.namespace);
    }

    @Override
    public int hashCode() {
        return namespace.hashCode();
    }

    /** As the kernel's links spell it: {@code net:[4026531840]}. */
    @Override
    public String toString() {
        return namespace.toString();
    }
}
