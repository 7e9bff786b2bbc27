package dev.corral.network;

import dev.corral.internal.linux.Errno;
import dev.corral.internal.linux.ErrnoException;
import dev.corral.internal.linux.Fd;
import dev.corral.internal.linux.LibC;
import dev.corral.internal.linux.NamespaceCalls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** The network namespace of a child, held open: it stays the child's, whoever gets its pid later. */
final class ChildNamespace implements AutoCloseable {
    private static final Path OWN = Path.of("/proc/thread-self/ns/net");

    private final long pid;
    private final Fd file;

    private ChildNamespace(long pid, Fd file) {
        this.pid = pid;
        this.file = file;
    }

    /** Opens it; one that is the calling thread's own is refused, since what is done in it would be done to the host. */
    static ChildNamespace of(long pid) {
        ChildNamespace opened = any(pid);
        try {
            opened.checkNotOurs();
            return opened;
        } catch (RuntimeException | Error refused) {
            opened.close();
            throw refused;
        }
    }

    /** Opens it, whosever it is. */
    static ChildNamespace any(long pid) {
        Path path = Path.of("/proc", Long.toString(pid), "ns/net");
        try {
            return new ChildNamespace(pid, new Fd(LibC.open(path, LibC.O_RDONLY)));
        } catch (ErrnoException refused) {
            throw refused(pid, path, refused);
        }
    }

    private void checkNotOurs() {
        Path opened = Path.of("/proc/self/fd", Integer.toString(file.number()));
        try {
            if (Files.readSymbolicLink(opened).equals(Files.readSymbolicLink(OWN))) {
                throw shared(pid);
            }
        } catch (IOException noProc) {
            throw new NetworkFailed("can't tell whose network pid " + pid + " has: " + noProc, "", noProc);
        }
    }

    static NetworkShared shared(long pid) {
        return new NetworkShared(
                "pid " + pid + " shares the network of this JVM: start it with a network namespace of its own, "
                        + "such as Isolation.full()",
                "",
                null);
    }

    static NetworkException refused(long pid, Path path, ErrnoException refused) {
        if (refused.errno() == Errno.ENOENT || refused.errno() == Errno.ESRCH) {
            return new ProcessGone("there is no process with pid " + pid, Errno.name(refused.errno()), refused);
        }
        return new NetworkDenied(
                "the network of pid " + pid + " may not be entered by this user: " + Errno.name(refused.errno())
                        + " on " + path + "; an init of Corral's lets nobody look without CAP_SYS_PTRACE: give the "
                        + "payload's pid",
                Errno.name(refused.errno()),
                refused);
    }

    int number() {
        return file.number();
    }

    /** Moves the calling thread into it, one that ends afterwards. */
    void enter() {
        try {
            NamespaceCalls.setns(file.number(), NamespaceCalls.CLONE_NEWNET);
        } catch (ErrnoException refused) {
            throw NetworkErrors.of("entering the network of pid " + pid, refused);
        }
    }

    /** Does something short inside, on a thread of its own; what it opens stays inside for good. */
    <T> T call(Callable<T> work) {
        FutureTask<T> task = new FutureTask<>(() -> {
            enter();
            return work.call();
        });
        Threads.daemon("corral-netns-" + pid, task).start();
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return task.get();
                } catch (InterruptedException later) {
                    interrupted = true; // the work takes a moment, and half of it is of no use
                } catch (ExecutionException failed) {
                    throw unchecked(failed);
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private RuntimeException unchecked(ExecutionException wrapped) {
        Throwable failed = wrapped.getCause();
        if (failed instanceof RuntimeException plain) {
            return plain;
        }
        if (failed instanceof Error error) {
            throw error;
        }
        return new NetworkFailed("in the network of pid " + pid + ": " + failed, "", wrapped);
    }

    @Override
    public void close() {
        file.close();
    }
}
