package dev.corral.reconcile.workload;

import dev.corral.reconcile.Context;
import java.util.ArrayList;
import java.util.List;

/** Names for pods that are alike: the owner's and the lowest free number. A name is free again when its pod is gone. */
final class Slots {
    /** A pod's name becomes a host name. */
    static final int LONGEST_NAME = 63;

    private Slots() {}

    /** So many names that no pod of the namespace has. */
    static List<String> free(Context<?, ?> owner, int count) {
        List<String> names = new ArrayList<>();
        for (int slot = 0; names.size() < count; slot++) {
            String name = Names.child(owner.name(), Integer.toString(slot), LONGEST_NAME);
            if (!taken(owner, name)) {
                names.add(name);
            }
        }
        return names;
    }

    /** Whether a pod of the namespace has a name. Asked for each name: how many other pods there are costs nothing. */
    static boolean taken(Context<?, ?> owner, String name) {
        return owner.get(Pod.KIND, name).isPresent();
    }
}
