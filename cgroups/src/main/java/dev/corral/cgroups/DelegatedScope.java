package dev.corral.cgroups;

import dev.corral.Child;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A scope of systemd's with a subtree of groups that belongs to this user. systemd removes it when its last process has
 * ended. Source: systemd.scope(5), systemd's CONTROL_GROUP_INTERFACE and CGROUP_DELEGATION.
 */
public final class DelegatedScope implements AutoCloseable {
    private final String unit;
    private final Path path;
    private final Cgroups cgroups;
    private final Optional<Child> holder;

    DelegatedScope(String unit, Path path, Cgroups cgroups, Optional<Child> holder) {
        this.unit = unit;
        this.path = path;
        this.cgroups = cgroups;
        this.holder = holder;
    }

    /** Such as {@code builds.scope}. */
    public String unit() {
        return unit;
    }

    /** Its directory in the version 2 tree. */
    public Path path() {
        return path;
    }

    /** This host with groups made in the scope: {@code payload-} and their name, beside {@code supervisor}. */
    public Cgroups cgroups() {
        return cgroups;
    }

    /**
     * Whether this process itself is in the scope now. Where it is not, a helper holds the scope open, and children can be
     * born in it only if this user may also write the list of processes of the nearest group above both.
     */
    public boolean holdsThisProcess() {
        return holder.isEmpty();
    }

    /** Lets go of the scope, if a helper held it; this process stays in it otherwise, for there is no way back. */
    @Override
    public void close() {
        holder.ifPresent(Child::close);
    }

    @Override
    public String toString() {
        return unit + " at " + path;
    }
}
