package dev.corral.reconcile;

/**
 * A controller's decision: what follows from what is stored now. Called for each resource that exists and isn't being deleted,
 * whenever something it depends on has changed; it never learns what.
 *
 * <p>It must be pure: it reads its context only, takes the time from there, writes nothing and starts nothing. The engine
 * compares, writes, prunes and tries again.
 *
 * @param <S> the spec's type
 * @param <T> the status's type
 */
@FunctionalInterface
public interface Reconciler<S, T> {
    /**
     * One pass.
     *
     * @return all that should be; what it doesn't mention is removed
     * @throws Exception for any reason; the pass is repeated after a while, {@link ControllerManager} says when
     */
    Plan<T> reconcile(Context<S, T> context) throws Exception;
}
