package dev.corral.cgroups;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The processes and threads of a group. Each question asks the kernel anew, and its answer may be out of date at once: a
 * process that ended, and a group that vanished, are simply left out. Safe for use by several threads.
 *
 * <p>Source: {@code cgroup.procs}, {@code cgroup.threads}, {@code tasks}; cgroups(7).
 */
public final class Members {
    private final List<GroupDirectory> directories;

    Members(List<GroupDirectory> directories) {
        this.directories = directories;
    }

    /**
     * The processes in the group itself: in any of its directories, for on a version 1 host one may be in some of them only.
     *
     * @return ascending pids, each once; 0 stands for processes of another pid namespace. Of a threaded group the processes
     *     with a thread in it
     */
    public List<Long> pids() {
        return all(group -> group.pids().stream());
    }

    /** The same with those of the groups below. */
    public List<Long> recursive() {
        return all(group -> group.members().stream());
    }

    /** The threads in the group itself, by ascending id. A process has one of its own pid as long as that runs. */
    public List<Long> threads() {
        return all(group -> group.threads().stream());
    }

    /** Those of {@link #recursive()}. */
    @Override
    public String toString() {
        return recursive().toString();
    }

    private List<Long> all(Function<GroupDirectory, Stream<Long>> ids) {
        return directories.stream()
                .filter(GroupDirectory::alive)
                .flatMap(ids)
                .distinct()
                .sorted()
                .toList();
    }
}
