package dev.corral.reconcile.testing;

import dev.corral.reconcile.Declared;
import dev.corral.reconcile.Snapshot;
import dev.corral.reconcile.Store;
import java.util.List;

final class DryRun {
    private DryRun() {}

    static List<String> of(Setting setting, Snapshot snapshot, Store store, Declared<?, ?> declared) {
        return List.of();
    }
}
