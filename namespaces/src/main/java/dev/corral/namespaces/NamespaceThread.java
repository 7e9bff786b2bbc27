package dev.corral.namespaces;

import dev.corral.internal.linux.LibC;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Runs work on a platform thread of its own, which ends with it: what the kernel lets a thread change of itself can't be
 * changed back, so no thread that anybody else uses may do it.
 */
final class NamespaceThread {
    private NamespaceThread() {}

    /** The work's own outcome, whatever it is; an interrupt of the caller goes to the work, whose end is waited for. */
    static <T, X extends Exception> T run(String name, Runnable setUp, NamespaceWork<T, X> work) throws X {
        LibC.effectiveUser(); // loads the native library, which starts a process: not from inside
        FutureTask<T> task = new FutureTask<>(() -> {
            setUp.run();
            return work.call();
        });
        Thread thread = new Thread(null, task, name, 0, false);
        thread.setDaemon(true);
        thread.setContextClassLoader(Thread.currentThread().getContextClassLoader());
        thread.start();
        boolean interrupted = awaitEnd(thread);
        try {
            return NamespaceThread.<T, X>outcome(task);
        } catch (Exception failed) {
            interrupted &= !(failed instanceof InterruptedException);
            throw failed;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static boolean awaitEnd(Thread thread) {
        boolean interrupted = false;
        while (true) {
            try {
                thread.join();
                return interrupted;
            } catch (InterruptedException cancelled) {
                interrupted = true;
                thread.interrupt();
            }
        }
    }

    @SuppressWarnings("unchecked") // work can throw nothing else
    private static <T, X extends Exception> T outcome(FutureTask<T> done) throws X {
        try {
            return done.get();
        } catch (ExecutionException failed) {
            Throwable cause = failed.getCause();
            if (cause instanceof Error error) {
                throw error;
            }
            throw (X) cause;
        } catch (InterruptedException impossible) {
            throw new AssertionError("a task that is done waits for nothing", impossible);
        }
    }
}
