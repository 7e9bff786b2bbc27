package dev.corral.cgroups;

import java.util.Locale;

/** A part of the kernel that enforces one kind of limit on a group. */
public enum Controller {
    MEMORY,
    CPU,
    PIDS;

    /** The controller as the kernel spells it, such as {@code memory}. */
    public String kernelName() {
        return name().toLowerCase(Locale.ROOT);
    }

    @Override
    public String toString() {
        return kernelName();
    }
}
