package dev.corral.reconcile.workload;

import dev.corral.reconcile.Context;
import dev.corral.reconcile.Resource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Names for pods that are alike: the owner's and the lowest free number. A name is free again when its pod is gone. */
final class Slots {
    /** A pod's name becomes a host name. */
    static final int LONGEST_NAME = 63;

    private Slots() {}

    /** So many names that no pod of the namespace has. */
    static List<String> free(Context<?, ?> owner, int count) {
        List<String> names = new ArrayList<>();
        if (count > 0) {
            Set<String> taken = owner.list(Pod.KIND, pod -> true).stream()
                    .map(Resource::name)
                    .collect(Collectors.toSet());
            for (int slot = 0; names.size() < count; slot++) {
                String name = Names.child(owner.name(), Integer.toString(slot), LONGEST_NAME);
                if (!taken.contains(name)) {
                    names.add(name);
                }
            }
        }
        return names;
    }
}
