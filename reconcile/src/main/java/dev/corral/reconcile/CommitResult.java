package dev.corral.reconcile;

import java.util.List;
import java.util.Optional;

/**
 * How a commit ended: done whole, or not at all.
 *
 * @param version the store's version after it; the one before it if nothing was written
 * @param results one for each write, in order; after a refusal only that refusal
 */
public record CommitResult(long version, List<WriteResult<?, ?>> results) {
    public CommitResult {
        results = List.copyOf(results);
    }

    public boolean ok() {
        for (WriteResult<?, ?> result : results) {
            if (!result.ok()) {
                return false;
            }
        }
        return true;
    }

    /** The first write that was refused, because of which none was done. */
    public Optional<WriteResult<?, ?>> refusal() {
        for (WriteResult<?, ?> result : results) {
            if (!result.ok()) {
                return Optional.of(result);
            }
        }
        return Optional.empty();
    }
}
