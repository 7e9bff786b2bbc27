package dev.corral.namespaces;

import dev.corral.Confinement;
import dev.corral.internal.linux.Errno;
import dev.corral.internal.linux.ErrnoException;
import dev.corral.internal.linux.Fd;
import dev.corral.internal.linux.LibC;
import dev.corral.internal.linux.NamespaceCalls;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/**
 * An open namespace: it lives, and its number is not used again, until this is closed, with processes in it or without.
 *
 * <p>The handle belongs to the caller of the method that gave it. It may be used by many threads, and closed more than once;
 * once closed it throws IllegalStateException, and what was joined or called through it before goes on. Source:
 * namespaces(7), ioctl_ns(2).
 */
public final class NamespaceHandle implements AutoCloseable {
    private static final int O_NOCTTY = 0400;

    private final ReentrantLock lock = new ReentrantLock();
    private final Fd file;
    private final Namespace namespace;

    private NamespaceHandle(Fd file, Namespace namespace) {
        this.file = file;
        this.namespace = namespace;
    }

    /** Opens a namespace's file. */
    static NamespaceHandle at(Path path) {
        try {
            return of(new Fd(LibC.open(path, LibC.O_RDONLY | LibC.O_NONBLOCK | O_NOCTTY)), path.toString());
        } catch (ErrnoException refused) {
            throw switch (refused.errno()) {
                case Errno.ENOENT, Errno.ENOTDIR, Errno.ESRCH ->
                    new NamespaceGone("there is no namespace at " + path + ": " + refused.getMessage(), refused);
                case Errno.EACCES, Errno.EPERM ->
                    new NamespacesUnreadable(
                            "the namespace at " + path + " may not be opened by this user: " + refused.getMessage(),
                            refused);
                default -> Refusals.of("open the namespace at " + path, refused, "");
            };
        }
    }

    /** Takes over a descriptor, which is closed if it is not that of a namespace. */
    private static NamespaceHandle of(Fd file, String where) {
        try {
            if (NamespaceCalls.isNamespace(file.number())) {
                Optional<NamespaceType> type = NamespaceType.of(NamespaceCalls.type(file.number()));
                if (type.isPresent()) {
                    return new NamespaceHandle(file, new Namespace(type.get(), NamespaceCalls.inode(file.number())));
                }
            }
            throw new NamespaceGone(
                    where + " is not a namespace: nothing is bound there, or another kind of file always was", null);
        } catch (RuntimeException unusable) {
            file.close();
            throw unusable;
        }
    }

    /** Which namespace it is. */
    public Namespace namespace() {
        return namespace;
    }

    /** Its kind, as the kernel tells. */
    public NamespaceType type() {
        return namespace.type();
    }

    /** The user namespace that owns it; empty where that lies outside of what the JVM may see. */
    public Optional<Namespace> owner() {
        return identity(openOwner());
    }

    /** The parent of a user or pid namespace; empty for other kinds, for the first of all, and for what the JVM may not see. */
    public Optional<Namespace> parent() {
        return identity(openParent());
    }

    private static Optional<Namespace> identity(Optional<NamespaceHandle> opened) {
        opened.ifPresent(NamespaceHandle::close);
        return opened.map(NamespaceHandle::namespace);
    }

    /** The user who made a user namespace, as the JVM sees the id; empty for other kinds. */
    public Optional<Long> ownerUser() {
        return inquire("ask who made", copy -> NamespaceCalls.ownerUser(copy.number()));
    }

    Optional<NamespaceHandle> openOwner() {
        return inquire("find the owner of", copy -> NamespaceCalls.owner(copy.number()))
                .map(found -> of(found, "the owner of " + namespace));
    }

    Optional<NamespaceHandle> openParent() {
        return inquire("find the parent of", copy -> NamespaceCalls.parent(copy.number()))
                .map(found -> of(found, "the parent of " + namespace));
    }

    /** A descriptor of its own, which the end of this handle leaves open. */
    Fd copy() {
        lock.lock();
        try {
            return new Fd(LibC.duplicate(file.number(), 0));
        } catch (ErrnoException refused) {
            throw Refusals.of("use " + namespace, refused, "");
        } finally {
            lock.unlock();
        }
    }

    private <R> R inquire(String what, Function<Fd, R> question) {
        try (Fd copy = copy()) {
            return question.apply(copy);
        } catch (ErrnoException refused) {
            throw Refusals.of(what + " " + namespace, refused, "");
        }
    }

    /**
     * Lets a child run in it, as {@code nsenter} does. A user namespace that owns it and is not the JVM's own is entered
     * first, so the program has the privileges that it gives. The handle may be closed once the child has started.
     */
    public Confinement join() {
        return Join.of(List.of(this));
    }

    /**
     * Runs work in it on a platform thread of its own, which ends with it; the rest of the JVM stays where it is. What
     * {@link Isolation#call} says about the work holds here too. In a mount namespace relative paths start at its root, and
     * what is mounted stays.
     *
     * @throws X what the work threw, as it threw it
     * @throws ImpossibleCall if it is a user, pid or time namespace
     * @throws NamespaceRefused if the JVM has no CAP_SYS_ADMIN, or the kernel refused for another reason
     */
    public <T, X extends Exception> T call(NamespaceWork<T, X> work) throws X {
        ThreadNamespaces.check(List.of(type()));
        try (Fd copy = copy()) {
            return NamespaceThread.run("corral-" + namespace, () -> ThreadNamespaces.enter(namespace, copy), work);
        }
    }

    /**
     * Keeps it alive at a path, without a process, until {@link Namespaces#release} or the end of the mount namespace that
     * the JVM is in. The file is made if there is none. Any program opens it there: {@link Namespaces#open(Path)},
     * {@code nsenter}, {@code ip netns} for {@code /run/netns/NAME}.
     *
     * <p>A mount namespace can be kept only below a private mount (see {@code mount --make-private}), and only one that is
     * younger than the JVM's own.
     *
     * @throws NamespaceRefused if the JVM has no CAP_SYS_ADMIN, something is mounted or stored at the path, or the kernel
     *     refused for another reason; nothing is left then
     */
    public void keepAt(Path path) {
        try (Fd copy = copy()) {
            KeptNamespace.keep(namespace, copy, path);
        }
    }

    /** Closes the descriptor; the namespace goes when nothing else keeps it. */
    @Override
    public void close() {
        lock.lock();
        try {
            file.close();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public String toString() {
        return namespace.toString();
    }
}
