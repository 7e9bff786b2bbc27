package dev.corral.cgroups;

import java.util.Locale;

/** A part of the kernel that enforces one kind of limit on a group, on both versions of control groups. */
public enum Controller {
    MEMORY,
    CPU,
    PIDS,
    CPUSET,
    /** Block devices; version 1 calls it {@code blkio}. */
    IO;

    /** The controller as the kernel spells it in version 2, such as {@code memory}. */
    public String kernelName() {
        return name().toLowerCase(Locale.ROOT);
    }

    @Override
    public String toString() {
        return kernelName();
    }

    /** The name it has in version 1. */
    String v1Name() {
        return this == IO ? "blkio" : kernelName();
    }
}
