package dev.corral.network;

import static org.assertj.core.api.Assumptions.assumeThat;

import dev.corral.Command;
import dev.corral.internal.linux.ErrnoException;
import dev.corral.internal.linux.NamespaceCalls;
import dev.corral.namespaces.Privilege;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;

/** A network namespace of a test's own that stands in for the host's, so that nothing is done to the real one. */
final class OwnNetwork {
    /**
     * A thread of the real host's network. Whatever starts threads that stay, as a launch does, belongs on it: a thread is
     * born into the network of its parent.
     */
    private static final ExecutorService OUTSIDE = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "outside");
        thread.setDaemon(true);
        return thread;
    });

    private static final AtomicBoolean WARM = new AtomicBoolean();
    /** The launcher never has more, and makes a new one for each launch until it has them. */
    private static final int LAUNCH_THREADS = 8;

    private OwnNetwork() {}

    static <T> T outside(Callable<T> work) {
        try {
            return OUTSIDE.submit(work).get();
        } catch (InterruptedException | ExecutionException failed) {
            throw new IllegalStateException(failed);
        }
    }

    /** Starts so much at once that all threads of the launcher which stay are there, born into the real network. */
    private static boolean warmUp() {
        if (WARM.compareAndSet(false, true)) {
            for (int i = 0; i < LAUNCH_THREADS; i++) {
                Command.of("true").start().close();
            }
        }
        return true;
    }

    /** What a test does inside. */
    interface Body {
        void run() throws Exception;
    }

    static boolean root() {
        return Privilege.networkAdmin();
    }

    static void assumeRoot() {
        assumeThat(root())
                .as("needs CAP_NET_ADMIN and CAP_SYS_ADMIN: nobody else may change networks")
                .isTrue();
    }

    /** Runs it on a thread that is in a new network namespace with its loopback device up, and ends afterwards. */
    static void run(Body body) throws Exception {
        call(() -> {
            body.run();
            return true;
        });
    }

    static <T> T call(Callable<T> body) throws Exception {
        assumeRoot();
        OwnNetwork.outside(OwnNetwork::warmUp);
        FutureTask<T> task = new FutureTask<>(() -> {
            try {
                NamespaceCalls.unshare(NamespaceCalls.CLONE_NEWNET);
            } catch (ErrnoException refused) {
                assumeThat(refused)
                        .as("needs CAP_SYS_ADMIN for a network to play with")
                        .isNull();
            }
            try (Rtnetlink own = Rtnetlink.open()) {
                own.setUp(own.link("lo").orElseThrow());
            }
            return body.call();
        });
        Thread thread = new Thread(task, "own-network");
        thread.setDaemon(true);
        thread.start();
        try {
            return task.get();
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof Exception exception) {
                throw exception;
            }
            if (failed.getCause() instanceof Error error) {
                throw error;
            }
            throw failed;
        }
    }
}
