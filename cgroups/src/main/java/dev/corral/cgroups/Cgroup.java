package dev.corral.cgroups;

import dev.corral.Applied;
import dev.corral.Confinement;
import dev.corral.Launch;
import dev.corral.internal.linux.FileNames;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;

/**
 * A group of processes that the kernel limits and counts together: one directory on a version 2 host, one in each hierarchy
 * on a version 1 host.
 *
 * <p>As a confinement it only joins: a child started with it is born inside, and the group outlives the child. Closing a
 * group ends what is in it.
 *
 * <p>It is bound to the group that was made, not to its path: when another one takes the name, this one is gone. Safe for use
 * by several threads.
 */
public abstract sealed class Cgroup implements Confinement, AutoCloseable permits CgroupV1, CgroupV2, HybridCgroup {
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final Cgroups host;
    private final List<GroupDirectory> directories;
    private final List<HandedDown> handedDown;
    private final int ownProcesses;
    private final Closing closing;
    private final AtomicInteger kills = new AtomicInteger();
    private final ReentrantLock removal = new ReentrantLock();
    private boolean removed;

    /**
     * A handle on directories that exist.
     *
     * @param made those of version 1 first; one at least
     * @param ownProcesses how many processes of Corral's own live here besides the payload
     */
    Cgroup(Cgroups host, GroupMaker.Made made, int ownProcesses, Closing closing) {
        this.host = host;
        this.directories = made.directories();
        this.handedDown = made.handedDown();
        this.ownProcesses = ownProcesses;
        this.closing = closing;
    }

    /** The name it was made with. Its directories begin with one more underscore where it could be one of the kernel's. */
    public String name() {
        return host.givenName(FileNames.text(Objects.requireNonNull(path().getFileName())));
    }

    /** Its directory in the version 2 tree, or else in the first of the version 1 hierarchies. */
    public Path path() {
        return primary().path();
    }

    /** All its directories, one in each hierarchy; never empty. */
    public List<Path> paths() {
        return directories.stream().map(GroupDirectory::path).toList();
    }

    /** The directory with the files of a controller; empty if this group does not have the controller. */
    public Optional<Path> path(Controller controller) {
        return holder(controller).map(GroupDirectory::path);
    }

    /** The kernel's number of the group at {@link #path()}: its inode. A later group of the same name has another one. */
    public long id() {
        return primary().inode();
    }

    /**
     * What became of each version 2 controller that the groups above were to give it, when it was made by this handle; empty
     * where version 1 holds them all, whose directories have them by themselves.
     */
    public List<HandedDown> handedDown() {
        return handedDown;
    }

    /** Which controllers it hands to the groups in it; empty for a group without a directory in the version 2 tree. */
    public Optional<SubtreeControl> subtreeControl() {
        return directories.stream()
                .filter(directory -> directory.hierarchy().unified())
                .findFirst()
                .map(GroupDirectory::bound)
                .map(SubtreeControl::of);
    }

    /**
     * Makes a group inside, in the same hierarchies, with every controller that is available there.
     *
     * @throws NameTaken if there is such a group
     * @throws CgroupException if it can't be made; nothing is left behind
     */
    public Cgroup child(String name) {
        requireAlive("create in");
        return host.createIn(directories, name);
    }

    /** The groups inside, by name. They belong to who made them: closing such a handle does nothing. */
    public List<Cgroup> children() {
        requireAlive("list");
        return primary().children().stream()
                .map(child -> child.path().getFileName())
                .sorted()
                .flatMap(name ->
                        host
                                .adopt(directories.stream()
                                        .flatMap(directory -> directory.child(name).stream())
                                        .toList())
                                .stream())
                .toList();
    }

    /** The processes and threads in it. */
    public Members members() {
        return new Members(directories);
    }

    /**
     * Moves a process into it with all its threads, in every hierarchy in turn. What it charged before stays charged to the
     * group it came from. Processes it has started are not moved; those that it starts afterwards are born here.
     *
     * <p>The first move after a tenth of a second without one takes about 15 ms on Linux 6.0 and later, for the kernel waits until
     * every CPU has let go of the old state, unless its control groups are mounted with {@code favordynmods}. A child that is born
     * inside does not wait.
     *
     * @throws ProcessGone if it has ended, or ends meanwhile
     * @throws HoldsThisJvm if it is this JVM, and the group is frozen
     * @throws NotDelegated if this user may not move it; the error names the group that stands in the way
     * @throws InternalProcesses if this group gives controllers of version 2 to groups below it
     * @throws KernelRefused for a kernel thread, for instance; it tells in which hierarchies the process is already
     */
    public void attach(ProcessHandle process) {
        requireAlive("attach to");
        new Attachment(host.host(), directories).process(process);
    }

    /** {@link #attach(ProcessHandle)} for a process of this JVM. */
    public void attach(Process process) {
        attach(process.toHandle());
    }

    /** {@link #attach(ProcessHandle)} for several in a row, which takes little longer than one. A failure ends it. */
    public void attach(Collection<? extends ProcessHandle> processes) {
        processes.forEach(this::attach);
    }

    /**
     * Moves one thread: in version 1 in all hierarchies; in version 2 only to a threaded group of the same domain. Source:
     * cgroups(7), cgroup-v2.rst, "Threads".
     *
     * @param thread its id, as gettid(2) tells it; 1 or more
     * @throws KernelRefused if this group does not take threads
     */
    public void attachThread(long thread) {
        if (thread < 1) {
            throw new IllegalArgumentException("thread id " + thread + ": it must be 1 or more");
        }
        requireAlive("attach to");
        new Attachment(host.host(), directories).thread(thread);
    }

    /**
     * Gives it to another user, who may then make groups in it, move processes among those and limit them, but neither change
     * its own limits nor move processes in from elsewhere. Source: cgroup-v2.rst, "Delegation".
     *
     * @return the directories and files that were given
     * @throws NotDelegated if this process may not give them away
     */
    public List<Path> delegateTo(long user, long group) {
        requireAlive("delegate");
        return directories.stream()
                .flatMap(directory -> Delegation.give(directory, host.delegatable(), user, group).stream())
                .toList();
    }

    /**
     * Sets limits; those not named stay as they are. Name, parent and the like are of no matter here.
     *
     * @return what was written where, and what the kernel made of it
     * @throws CgroupGone if the group was removed, or another one has its name
     * @throws CgroupException if a limit can't be set and they are to be enforced; those set before it stay
     */
    public Applied apply(Limits limits) {
        requireAlive("limit", limits);
        return new LimitWriter(this, limits, Pen.writing()).applied();
    }

    /**
     * What {@link #apply} would change now, without changing anything. What is in place already is not listed.
     *
     * @throws CgroupGone if the group was removed, or another one has its name
     */
    public LimitPlan plan(Limits limits) {
        requireAlive("plan", limits);
        Pen pen = Pen.dry();
        Applied applied = new LimitWriter(this, limits.bestEffort(), pen).applied();
        return new LimitPlan(pen.planned(), applied.dropped());
    }

    /** The controllers of version 1; empty for a group that has no directory in its hierarchies. */
    public Optional<ControllersV1> v1() {
        return directories.get(0).hierarchy().unified() ? Optional.empty() : Optional.of(new ControllersV1(this));
    }

    /** The controllers of version 2; empty for a group that has no directory in its tree. */
    public Optional<ControllersV2> v2() {
        return primary().hierarchy().unified() ? Optional.of(new ControllersV2(this)) : Optional.empty();
    }

    /** A controller of this group by its type, such as {@code CpuV1.class}; empty if the group does not have it. */
    public <C extends ControllerFiles> Optional<C> find(Class<C> type) {
        return ControllerKind.find(type, directories);
    }

    /**
     * A controller by the kernel's name, whatever it is: {@code rdma}, {@code misc}, {@code net_cls}, {@code hugetlb}.
     *
     * @throws ControllerUnavailable if this group does not have it
     */
    public GenericController controller(String name) {
        return holder(name)
                .map(directory -> new GenericController(directory.bound(), name))
                .orElseThrow(() -> ControllerKind.unavailable(this, name));
    }

    /**
     * Any file of the group by its name, such as {@code memory.swap.high}: that of the controller it is named after, or else of
     * whichever directory has it.
     */
    public RawFile file(String name) {
        String controller = name.substring(0, Math.max(0, name.indexOf('.')));
        return holder(controller)
                .map(directory -> new RawFile(directory.bound(), name))
                .filter(RawFile::exists)
                .or(() -> directories.stream()
                        .map(directory -> new RawFile(directory.bound(), name))
                        .filter(RawFile::exists)
                        .findFirst())
                .orElseGet(() ->
                        new RawFile(holder(controller).orElseGet(this::primary).bound(), name));
    }

    /**
     * What it used up to now, every part of it.
     *
     * @throws CgroupException if a file can't be read; {@link CgroupGone} after the group was removed
     */
    public Usage usage() {
        return usage(StatMask.ALL);
    }

    /**
     * Some parts of what it used up to now; the others are empty.
     *
     * @throws CgroupException if a file can't be read; {@link CgroupGone} after the group was removed
     */
    public Usage usage(StatMask mask) {
        return host.reading().once(directories, mask);
    }

    /**
     * Why parts of its usage are empty.
     *
     * @return one sentence for each part of the mask that the group does not have; empty if it has all of them
     */
    public List<String> absence(StatMask mask) {
        return Absence.reasons(mask.without(usage(mask)), directories);
    }

    /**
     * What it may use: the tightest of its own limits and of those above it, read now.
     *
     * @throws CgroupException if one of the limits can't be read, or understood
     */
    public EffectiveLimits effectiveLimits() {
        requireAlive("read");
        return EffectiveLimits.of(directories);
    }

    /** Reads the same parts of its usage again and again, at much less cost. The reader belongs to the caller. */
    public StatReader reader(StatMask mask) {
        return new StatReader(host.reading(), directories, mask);
    }

    /**
     * Listens to what happens to it from now on; handlers run on the common pool.
     *
     * @see #on(CgroupEvents, Executor)
     */
    public Subscription on(CgroupEvents events) {
        return on(events, ForkJoinPool.commonPool());
    }

    /**
     * Listens to what happens to it from now on.
     *
     * @param executor calls the handlers, never two at a time
     * @return to be closed by the caller; its notes say what can't be heard of this group
     * @throws CgroupGone if the group was removed
     */
    public Subscription on(CgroupEvents events, Executor executor) {
        requireAlive("watch");
        return Subscription.begin(host.events(), directories, new Delivery("cgroup " + path(), events, executor));
    }

    /**
     * Stops every process in it and in the groups below it, wherever they are, and waits until they stand still. They keep
     * their memory and their descriptors, and handle no signal until {@link #thaw()}; one that ends a process without being
     * handled does so at once in version 2, and after the thaw in version 1.
     *
     * <p>Source: cgroup.freeze of cgroup-v2.rst, freezer-subsystem.rst of version 1.
     *
     * @param limit how long to wait; when it is over they run again
     * @throws FreezeTimeout if one of them did not stop in time
     * @throws HoldsThisJvm if this JVM, or a thread of it, is among them; nothing is frozen then
     * @throws ControllerUnavailable if this group can't be frozen
     */
    public void freeze(Duration limit) {
        if (!freezers().get(0).freeze(limit)) {
            throw FreezeTimeout.of(path(), directories, limit);
        }
    }

    /**
     * Lets the processes of a frozen group go on, whoever froze it by whichever version; those of a group below another frozen one
     * stay as they are.
     */
    public void thaw() {
        freezers().stream().filter(GroupFreezer::isOn).forEach(GroupFreezer::thaw);
    }

    /** Whether it stands still, by its own doing or that of a group above. */
    public boolean isFrozen() {
        return freezers().stream().anyMatch(GroupFreezer::isFrozen);
    }

    private List<GroupFreezer> freezers() {
        requireAlive("freeze");
        List<GroupFreezer> freezers = GroupFreezer.of(host.host().backoff(), directories);
        if (freezers.isEmpty()) {
            throw new ControllerUnavailable(
                    Failure.of("freeze", path())
                            .why("it has neither cgroup.freeze (Linux 5.2) nor a freezer of version 1"),
                    null);
        }
        return freezers;
    }

    /** Whether it can't run because a group above is frozen; thawing this one changes nothing then. */
    public boolean isFrozenByAncestor() {
        return freezers().stream().anyMatch(GroupFreezer::isFrozenByAncestor);
    }

    /** Kills every process in it and in the groups below it, and waits up to 2 s for their end. */
    public KillResult kill() {
        return kill(PATIENCE);
    }

    /**
     * Kills every process in it and in the groups below it. A group that stood still goes on for it, in version 1.
     *
     * @param limit how long to wait for their end
     * @return who is still there then
     */
    public KillResult kill(Duration limit) {
        kills.incrementAndGet();
        return new GroupKill(host.host().backoff(), directories).within(limit);
    }

    /** {@link #delete(DeletePolicy)} with {@link DeletePolicy#RECURSIVE}. */
    public void delete() {
        delete(DeletePolicy.RECURSIVE);
    }

    /**
     * Removes it; a group on its way to being empty is waited for, up to 2 s. A group that is gone already is fine.
     *
     * @throws CgroupBusy if something is still in it; what could be removed is gone
     * @throws CgroupException if a directory can't be removed for another reason; what could be removed is gone
     */
    public void delete(DeletePolicy policy) {
        removal.lock();
        try {
            if (removed) {
                return;
            }
            if (policy == DeletePolicy.KILL_FIRST) {
                kill();
            }
            new GroupRemoval(host.host().backoff(), directories).within(PATIENCE, policy != DeletePolicy.EMPTY_ONLY);
            removed = true;
        } finally {
            removal.unlock();
        }
    }

    /**
     * Kills what is in it and removes it, if this handle made it; does nothing to a group that was found. May be called again;
     * after a {@link CgroupBusy} that is another try.
     *
     * @throws CgroupBusy if something in it could not be ended within 2 s
     */
    @Override
    public void close() {
        if (closing == Closing.KILL) {
            delete(DeletePolicy.KILL_FIRST);
        }
    }

    /**
     * Marks it as another process's instead of this JVM's. {@link Cgroups#sweep} leaves it alone while that process is there, and
     * removes it afterwards; closing this handle still kills what is in it and removes it.
     *
     * @param pid such as that of what runs in it and is to outlive this JVM
     * @throws ProcessGone if there is no such process
     * @throws CgroupException if the kernel takes no mark: then the group would be taken for one that this JVM has left behind
     */
    public void handTo(long pid) {
        handover().to(pid, Optional.empty());
    }

    /**
     * The same, and after that process's end it is left alone while a file is there: whoever removes the file has read what the
     * group has counted, or does not care.
     *
     * @param file on a path that other JVMs of this machine see too; those that don't take it for removed
     */
    public void handTo(long pid, Path file) {
        handover().to(pid, Optional.of(FileNames.text(file.toAbsolutePath())));
    }

    private Handover handover() {
        requireAlive("hand over");
        return new Handover(host.host(), path(), directories);
    }

    /** Lets the child be born inside, and tells which limit had a part in its end. */
    @Override
    public void prepare(Launch launch) {
        requireAlive("start in");
        for (GroupDirectory directory : directories) {
            if (directory.hierarchy().unified()) {
                launch.cgroupV2(directory.path());
            } else {
                launch.cgroupV1(directory.path());
            }
        }
        launch.explain(new ExitWatch(Charged.of(this), ownProcesses, kills::get)::explain);
        launch.provide(this);
    }

    /** Its paths. */
    @Override
    public String toString() {
        return paths().stream().map(Path::toString).collect(Collectors.joining(", ", "cgroup ", ""));
    }

    Cgroups host() {
        return host;
    }

    List<GroupDirectory> directories() {
        return directories;
    }

    private GroupDirectory primary() {
        GroupDirectory last = directories.get(directories.size() - 1);
        return last.hierarchy().unified() ? last : directories.get(0);
    }

    Optional<GroupDirectory> holder(Controller controller) {
        for (GroupDirectory directory : directories) {
            if (directory.has(controller)) {
                return Optional.of(directory);
            }
        }
        return Optional.empty();
    }

    /** How many processes of Corral's own live here besides the payload. */
    int ownProcesses() {
        return ownProcesses;
    }

    private Optional<GroupDirectory> holder(String controller) {
        return directories.stream()
                .filter(directory -> directory.has(controller))
                .findFirst();
    }

    /** Directories that limits are written to are held meanwhile, and looked at then. */
    private void requireAlive(String operation, Limits limits) {
        if (limits.controllers().isEmpty()) {
            requireAlive(operation);
        }
    }

    /** A {@link CgroupGone} unless it is this very group that has the name. */
    void requireAlive(String operation) {
        for (GroupDirectory directory : directories) {
            if (!directory.alive()) {
                throw Refusal.gone(Failure.of(operation, directory.path()), null);
            }
        }
    }

    CgroupException missing(Controller controller) {
        Availability answer = host.availability(controller);
        return answer.ok()
                ? new ControllerUnavailable(
                        Failure.of("limit", controller.kernelName())
                                .why("the group " + path() + " was made without the controller"),
                        null)
                : Reach.error(answer);
    }
}
