package dev.corral.examples.architecture.crooked.cgroups;

import dev.corral.examples.architecture.crooked.namespaces.KnowsWhatIsHigher;

/** An arrow to the side. */
public final class KnowsItsSibling {
    public Class<?> sibling() {
        return KnowsWhatIsHigher.class;
    }
}
