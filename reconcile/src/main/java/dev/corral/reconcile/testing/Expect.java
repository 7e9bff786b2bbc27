package dev.corral.reconcile.testing;

import dev.corral.reconcile.WriteResult;
import java.util.Objects;

/** The few assertions of the contract, for no test framework in particular. */
final class Expect {
    private Expect() {}

    static void that(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError(what);
        }
    }

    static void same(String what, Object actual, Object wanted) {
        if (!Objects.equals(actual, wanted)) {
            throw new AssertionError(what + ": wanted " + wanted + ", got " + actual);
        }
    }

    static void conflict(String what, WriteResult<?, ?> result) {
        that(result instanceof WriteResult.Conflict, what + ": wanted a conflict, got " + result);
    }

    static void unchanged(String what, WriteResult<?, ?> result) {
        that(result instanceof WriteResult.Unchanged, what + ": wanted nothing to change, got " + result);
    }

    static void refused(String what, Class<? extends RuntimeException> type, Runnable call) {
        try {
            call.run();
        } catch (RuntimeException thrown) {
            that(type.isInstance(thrown), what + ": wanted " + type.getSimpleName() + ", got " + thrown);
            return;
        }
        throw new AssertionError(what + ": wanted " + type.getSimpleName() + ", got nothing");
    }
}
