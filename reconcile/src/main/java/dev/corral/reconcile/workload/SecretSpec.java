package dev.corral.reconcile.workload;

import java.util.Map;

/**
 * Secrets by key.
 *
 * @param data up to 1 MiB in all
 * @param immutable whether the data can't be changed any more
 */
public record SecretSpec(Map<String, Content> data, boolean immutable) {
    public SecretSpec {
        data = Copies.sorted(data);
    }
}
