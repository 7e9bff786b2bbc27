package dev.corral.reconcile;

/**
 * A controller's decision for a resource that is being deleted: what has to be done before it goes. Registering one puts a
 * finalizer on each resource of the kind. As pure as a {@link Reconciler}; what acts on the world outside goes into effects.
 *
 * <p>It must be total: it succeeds when what it removes is already gone.
 *
 * @param <S> the spec's type
 * @param <T> the status's type
 */
@FunctionalInterface
public interface Cleanup<S, T> {
    /**
     * One pass.
     *
     * @return children that stay until the end, effects to be done; when no effect is pending and no wake-up is asked for, the
     *     resource goes
     * @throws Exception for any reason; the pass is repeated after a while, and the resource stays
     */
    Plan<T> cleanup(Context<S, T> context) throws Exception;
}
