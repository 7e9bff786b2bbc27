package dev.corral.internal.launch;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/**
 * Conversations with launchers: by the caller's own thread, which saves two changes of threads. But a virtual thread would
 * hold on to its carrier while it waits in the kernel, so one of the executor's speaks for it.
 */
record Talks(Executor speakers) {
    private static final Optional<MethodHandle> IS_VIRTUAL = isVirtual();

    /**
     * Has a conversation, and returns or throws what comes of it.
     *
     * @param talk is given what tells whether the caller was interrupted; that stays so
     * @param never run instead if nobody can be found to speak
     */
    <T> T hold(Function<BooleanSupplier, T> talk, Runnable never) {
        return callerIsVirtual() ? spokenFor(talk, never) : talk.apply(Thread.currentThread()::isInterrupted);
    }

    private <T> T spokenFor(Function<BooleanSupplier, T> talk, Runnable never) {
        AtomicBoolean cancelled = new AtomicBoolean(Thread.currentThread().isInterrupted());
        CompletableFuture<T> result;
        try {
            result = CompletableFuture.supplyAsync(() -> talk.apply(cancelled::get), speakers);
        } catch (RuntimeException | Error noThread) {
            never.run();
            throw noThread;
        }
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return result.get();
                } catch (InterruptedException cancel) {
                    interrupted = true;
                    cancelled.set(true);
                } catch (ExecutionException failed) {
                    if (failed.getCause() instanceof Error error) {
                        throw error;
                    }
                    throw (RuntimeException) failed.getCause();
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    static boolean callerIsVirtual() {
        try {
            return IS_VIRTUAL.isPresent() && (boolean) IS_VIRTUAL.get().invokeExact(Thread.currentThread());
        } catch (Throwable never) {
            throw new IllegalStateException(never);
        }
    }

    /** Since JDK 21. */
    private static Optional<MethodHandle> isVirtual() {
        try {
            return Optional.of(MethodHandles.publicLookup()
                    .findVirtual(Thread.class, "isVirtual", MethodType.methodType(boolean.class)));
        } catch (NoSuchMethodException | IllegalAccessException older) {
            return Optional.empty();
        }
    }
}
