package dev.corral.cgroups;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Executor;

/**
 * The group of this process, to look at: its usage and limits. It can be neither limited nor ended through this.
 *
 * <p>It is that of the moment when {@link Cgroups#self()} was called: a process that was moved asks again. Safe for use by several threads.
 */
public final class OwnGroup {
    private final Cgroups host;
    private final List<GroupDirectory> directories;

    OwnGroup(Cgroups host, List<GroupDirectory> directories) {
        this.host = host;
        this.directories = List.copyOf(directories);
    }

    /** Its directories that can be seen from here, at most one in each hierarchy; each hierarchy has its own path. */
    public List<Path> paths() {
        return directories.stream().map(GroupDirectory::path).toList();
    }

    /** What it used up to now, as {@link Cgroup#usage(StatMask)}; the root group lacks many of the files. */
    public Usage usage(StatMask mask) {
        return host.reading().once(directories, mask);
    }

    /** Reads the same parts of its usage again and again, at much less cost. The reader belongs to the caller. */
    public StatReader reader(StatMask mask) {
        return new StatReader(host.reading(), directories, mask);
    }

    /**
     * Listens to what happens to it, as {@link Cgroup#on(CgroupEvents, Executor)}.
     *
     * @throws ControllerUnavailable if no group of this process can be seen
     */
    public Subscription on(CgroupEvents events, Executor executor) {
        if (directories.isEmpty()) {
            throw new ControllerUnavailable(
                    Failure.of("watch", "the group of this process").why("it can be seen in no hierarchy"), null);
        }
        return Subscription.begin(
                host.events(), directories, new Delivery("the group of this process", events, executor));
    }

    /**
     * What this process may use: the tightest of its group's limits and those above, read now.
     *
     * @throws CgroupException if one of the limits can't be read, or understood
     */
    public EffectiveLimits effectiveLimits() {
        return EffectiveLimits.of(directories);
    }
}
