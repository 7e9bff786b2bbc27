package dev.corral.cgroups;

import dev.corral.internal.linux.Errno;
import dev.corral.internal.linux.ErrnoException;
import dev.corral.internal.linux.ProcStat;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Moves tasks into a group, in all its hierarchies one after the other: only the first write after a quiet time is slow.
 *
 * <p>Never with pid 0, which means whoever writes.
 */
record Attachment(Host host, List<GroupDirectory> directories) {
    private static final String PROCS = "cgroup.procs";
    /** A task that is just being born can't be moved yet, and the kernel says the same of one that never can. */
    private static final int TRIES = 6;

    private static final long PAUSE_NANOS = 30_000_000;

    /**
     * Moves a process with all its threads.
     *
     * @throws ProcessGone if it ended before or meanwhile; the kernel says nothing of that for a zombie
     */
    void process(ProcessHandle process) {
        long pid = process.pid();
        if (pid == ProcessHandle.current().pid()) {
            refuseToStandStill();
        }
        Optional<Long> start = host.processes().stat(pid).map(ProcStat::start);
        if (!process.isAlive() || !host.processes().isAlive(pid)) {
            throw gone(directories.get(0), pid, null);
        }
        move(PROCS, pid);
        Optional<Long> now = host.processes().stat(pid).map(ProcStat::start);
        if (!host.processes().isAlive(pid)) {
            throw gone(directories.get(0), pid, null);
        }
        if (!now.equals(start)) {
            throw new ProcessGone(
                    Failure.of(
                                    "move",
                                    "pid " + pid + " to " + directories.get(0).path())
                            .why("it has ended, and another process with its number was moved instead"),
                    pid,
                    null);
        }
    }

    /** Moves one thread, where the hierarchy and the group take threads. */
    void thread(long id) {
        if (host.processes()
                .processOf(id)
                .equals(Optional.of(ProcessHandle.current().pid()))) {
            refuseToStandStill();
        }
        List<GroupDirectory> v1 = directories.stream()
                .filter(directory -> !directory.hierarchy().unified())
                .toList();
        if (v1.isEmpty()) {
            move("cgroup.threads", id);
        } else {
            // a twin in the version 2 tree limits nothing, and would have to be threaded
            new Attachment(host, v1).move("tasks", id);
        }
    }

    private void refuseToStandStill() {
        GroupFreezer.of(host.backoff(), directories).stream()
                .filter(GroupFreezer::isFrozen)
                .findFirst()
                .ifPresent(frozen -> {
                    throw new HoldsThisJvm(Failure.of(
                                    "move", "this JVM to " + frozen.directory().path())
                            .why("the group is frozen, and it would stand still there for good")
                            .hint("thaw the group first"));
                });
    }

    void move(String file, long id) {
        List<Path> done = new ArrayList<>();
        for (GroupDirectory directory : directories) {
            write(directory, file, id, done);
            done.add(directory.path());
        }
    }

    private void write(GroupDirectory directory, String file, long id, List<Path> done) {
        List<ErrnoException> refusals = new ArrayList<>();
        host.backoff().within(TRIES, PAUSE_NANOS, () -> {
            refusals.clear();
            try {
                directory.put(file, Long.toString(id));
            } catch (ErrnoException e) {
                refusals.add(e);
            }
            return refusals.isEmpty() || refusals.get(0).errno() != Errno.EINVAL || isHopeless(id);
        });
        if (!refusals.isEmpty()) {
            throw refused(directory, file, id, refusals.get(0), done);
        }
    }

    private boolean isHopeless(long id) {
        return host.processes().stat(id).filter(ProcStat::isKernelThread).isPresent();
    }

    private CgroupException refused(GroupDirectory directory, String file, long id, ErrnoException e, List<Path> done) {
        String already = done.isEmpty() ? "" : "; it is in " + done + " already";
        Failure failure = Failure.of("write", directory.path().resolve(file))
                .value(Long.toString(id))
                .errno(e);
        return switch (e.errno()) {
            case Errno.ESRCH -> gone(directory, id, e);
            case Errno.EINVAL -> new KernelRefused(failure.why(unmovable(directory, id) + already), e);
            case Errno.EBUSY ->
                new InternalProcesses(
                        failure.why(directory.path() + " hands "
                                + String.join(", ", directory.words("cgroup.subtree_control"))
                                + " to groups below it and cannot hold processes; use a leaf such as "
                                + directory.path().resolve("leaf") + already),
                        List.of(),
                        e);
            case Errno.EOPNOTSUPP ->
                new KernelRefused(
                        failure.why(directory.path() + " is of type \""
                                + directory.words("cgroup.type").stream().reduce("", (a, b) -> (a + " " + b).strip())
                                + "\", which does not take it by " + file + already),
                        e);
            case Errno.ENOSPC -> new KernelRefused(failure.why(emptyCpuset(directory) + already), e);
            case Errno.ENOENT ->
                directory.alive() && directory.exists(file)
                        ? new KernelRefused(
                                failure.why("pid " + id + " lies outside this cgroup namespace, across whose boundary"
                                        + " nothing is moved" + already),
                                e)
                        : directory.refusal().refused("write", file, Long.toString(id), e);
            case Errno.EACCES, Errno.EPERM -> denied(directory, id, failure, e, already);
            default -> directory.refusal().refused("write", file, Long.toString(id), e);
        };
    }

    private String unmovable(GroupDirectory directory, long id) {
        Optional<ProcStat> stat = host.processes().stat(id);
        if (stat.filter(ProcStat::isKernelThread).isPresent()) {
            return "pid " + id + " is a kernel thread";
        }
        if (stat.filter(ProcStat::isRealTime).isPresent() && directory.exists("cpu.rt_runtime_us")) {
            return "pid " + id + " is a real-time process, and " + directory.path()
                    + " has no real-time budget; write cpu.rt_runtime_us first";
        }
        return "pid " + id + " could not be moved in " + TRIES + " tries over " + (TRIES - 1) * PAUSE_NANOS / 1_000_000
                + " ms";
    }

    private static String emptyCpuset(GroupDirectory directory) {
        String above = directory.upwards().stream()
                .skip(1)
                .findFirst()
                .map(parent -> "; the group above has cpus "
                        + parent.text("cpuset.cpus").orElse("").strip() + ", mems "
                        + parent.text("cpuset.mems").orElse("").strip())
                .orElse("");
        return "the cpuset of " + directory.path() + " is not initialised: its cpus or mems are empty" + above;
    }

    /** The right to move takes that to write the list of processes of the nearest group above both source and target. */
    private CgroupException denied(
            GroupDirectory directory, long id, Failure failure, ErrnoException e, String already) {
        Optional<Path> source = source(directory, id);
        Path target = directory.path();
        Optional<Path> common = source.map(from -> common(from, target));
        if (!directory.hierarchy().unified() || common.isEmpty()) {
            return new NotDelegated(
                    failure.why("uid " + host.user() + " may not move pid " + id + " to " + target + already)
                            .hint("a process can be moved by its own user and by root, where they may write " + PROCS),
                    e);
        }
        Path list = common.get().resolve(PROCS);
        return new NotDelegated(
                failure.why("moving from " + source.get() + " to " + target + " needs the right to write " + list
                                + ", owned by " + Delegation.person(host.tree().owner(list)) + already)
                        .hint("systemd can attach it, if it runs here: start it in a scope of its own"),
                e);
    }

    private Optional<Path> source(GroupDirectory directory, long id) {
        Set<String> controllers = directory.hierarchy().controllers();
        if (!(directory.hierarchy().own() instanceof Place.At at)) {
            return Optional.empty();
        }
        return host.processes().groups(id).stream()
                .filter(line -> line.controllers().equals(controllers))
                .findFirst()
                .flatMap(line -> at.resolve(line.path()));
    }

    static Path common(Path a, Path b) {
        Path common = Objects.requireNonNull(a.getRoot());
        for (int i = 0; i < Math.min(a.getNameCount(), b.getNameCount()); i++) {
            if (!a.getName(i).equals(b.getName(i))) {
                return common;
            }
            common = common.resolve(a.getName(i));
        }
        return common;
    }

    private static ProcessGone gone(
            GroupDirectory directory, long id, @org.jspecify.annotations.Nullable Throwable cause) {
        return new ProcessGone(
                Failure.of("move", "pid " + id + " to " + directory.path()).why("it has ended"), id, cause);
    }
}
