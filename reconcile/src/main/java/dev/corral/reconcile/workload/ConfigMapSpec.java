package dev.corral.reconcile.workload;

import java.util.Map;

/**
 * Settings by key.
 *
 * @param data up to 1 MiB in all
 * @param immutable whether the data can't be changed any more
 */
public record ConfigMapSpec(Map<String, Content> data, boolean immutable) {
    public ConfigMapSpec {
        data = Copies.sorted(data);
    }
}
