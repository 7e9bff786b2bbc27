package dev.corral.reconcile.node;

import dev.corral.reconcile.Event;
import dev.corral.reconcile.Key;
import dev.corral.reconcile.Loop;
import java.util.function.Supplier;

/** Where news of one pod goes. */
record Notices(Supplier<Loop> loop, Key pod) {
    /** Has the pod looked at soon. */
    void changed() {
        loop.get().wake(pod);
    }

    void normal(String reason, String message) {
        loop.get().tell(pod, Event.Type.NORMAL, reason, message);
    }

    void warning(String reason, String message) {
        loop.get().tell(pod, Event.Type.WARNING, reason, message);
    }
}
