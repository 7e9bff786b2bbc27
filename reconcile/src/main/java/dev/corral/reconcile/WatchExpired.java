package dev.corral.reconcile;

import dev.corral.CorralException;
import java.io.Serial;

/** A watch fell so far behind that the store no longer has the events it would have to tell next. List again and watch from there. */
public final class WatchExpired extends CorralException {
    @Serial
    private static final long serialVersionUID = 1L;

    WatchExpired(long after, long oldest) {
        super("the watch has told everything up to version " + after
                + ", but the store remembers changes only after version " + oldest
                + ": list again and watch from there");
    }
}
