package dev.corral.reconcile;

import java.util.Optional;

/**
 * Turns an error into a status, so that whoever looks at the resource sees it.
 *
 * @param <S> the spec's type
 * @param <T> the status's type
 */
@FunctionalInterface
public interface ErrorStatus<S, T> {
    /** The status to show after a pass that failed; empty if the status stays. Called for each failed pass. */
    Optional<T> status(Context<S, T> context, Exception error);
}
