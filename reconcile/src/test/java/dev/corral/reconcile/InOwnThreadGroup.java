package dev.corral.reconcile;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;

/** Runs each test in a group of threads of its own, so that it counts what it has started and nothing that is somebody else's. */
public final class InOwnThreadGroup implements InvocationInterceptor {
    /** For {@code @ExtendWith}. */
    public InOwnThreadGroup() {}

    /** Those that the test which asks has started, itself or by one of them, and that are still there. */
    public static List<Thread> threads(String prefix) {
        ThreadGroup group = Thread.currentThread().getThreadGroup();
        Thread[] all = new Thread[1000];
        return Arrays.stream(all, 0, group.enumerate(all))
                .filter(thread -> thread.getName().startsWith(prefix))
                .toList();
    }

    @Override
    public void interceptTestMethod(
            Invocation<Void> invocation, ReflectiveInvocationContext<Method> called, ExtensionContext extensionContext)
            throws Throwable {
        FutureTask<@Nullable Throwable> test = new FutureTask<>(() -> thrownBy(invocation));
        Thread thread = new Thread(new ThreadGroup(called.getExecutable().getName()), test);
        thread.start();
        try {
            Throwable thrown = test.get();
            if (thrown != null) {
                throw thrown;
            }
        } catch (InterruptedException late) {
            thread.interrupt();
            throw late;
        } catch (ExecutionException impossible) {
            throw impossible.getCause();
        }
    }

    private static @Nullable Throwable thrownBy(Invocation<?> invocation) {
        try {
            invocation.proceed();
            return null;
        } catch (Throwable thrown) {
            return thrown;
        }
    }
}
