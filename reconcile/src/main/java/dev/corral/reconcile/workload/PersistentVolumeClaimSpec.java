package dev.corral.reconcile.workload;

import java.util.Optional;

/**
 * What a directory shall be.
 *
 * @param storage how many bytes it is meant for, more than 0; empty if nobody said
 */
public record PersistentVolumeClaimSpec(Optional<Quantity> storage) {
    void validate(Problems problems) {
        storage.ifPresent(
                size -> problems.at("storage").require(size.value().signum() > 0, size, "it must be more than 0"));
    }
}
