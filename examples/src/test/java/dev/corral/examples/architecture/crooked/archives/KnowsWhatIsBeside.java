package dev.corral.examples.architecture.crooked.archives;

import dev.corral.examples.architecture.crooked.cgroups.KnowsItsSibling;

/** Two rooms that have nothing to do with one another. */
public final class KnowsWhatIsBeside {
    public Class<?> beside() {
        return KnowsItsSibling.class;
    }
}
