package dev.corral.namespaces;

/**
 * What a thread does inside namespaces.
 *
 * @param <T> what it gives
 * @param <X> what it may throw; the compiler finds it out for a lambda
 */
@FunctionalInterface
public interface NamespaceWork<T, X extends Exception> {
    T call() throws X;
}
