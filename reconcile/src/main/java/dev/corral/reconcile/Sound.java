package dev.corral.reconcile;

import org.jspecify.annotations.Nullable;

/**
 * The specs that were found to keep all rules of their kinds last: a template makes many resources of one value, which is checked
 * once. Guarded by the store's lock.
 */
final class Sound {
    private static final int REMEMBERED = 8;

    private final @Nullable Object[] specs = new Object[REMEMBERED];
    private final @Nullable Kind<?, ?>[] kinds = new Kind<?, ?>[REMEMBERED];
    private int next;

    /** Whether this very object has been checked by the rules of this very kind. */
    @SuppressWarnings("ReferenceEquality") // equal kinds may have other rules, and equal specs take long to compare
    boolean has(Kind<?, ?> kind, @Nullable Object spec) {
        for (int i = 0; i < REMEMBERED; i++) {
            if (specs[i] == spec && kinds[i] == kind) {
                return true;
            }
        }
        return false;
    }

    void add(Kind<?, ?> kind, Object spec) {
        if (!has(kind, spec)) {
            specs[next] = spec;
            kinds[next] = kind;
            next = (next + 1) % REMEMBERED;
        }
    }
}
