package dev.corral.cgroups;

import dev.corral.Child;
import dev.corral.Confinement;
import dev.corral.Requirement;
import dev.corral.internal.linux.FileNames;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The control groups of this host as this process sees them: read from {@code /proc/self/mountinfo} and
 * {@code /proc/self/cgroup} at one moment. A process that is moved to another group detects again.
 *
 * <p>Immutable, and safe for use by several threads.
 */
public final class Cgroups {
    private static final Path SYS = Path.of("/sys");

    private final Host host;
    private final Path sys;
    private final Layout layout;
    private final List<GroupDirectory> base;
    private final Naming naming;
    private final Reading reading;
    private final EventLoop events;
    private final AtomicBoolean swept = new AtomicBoolean();

    private Cgroups(Host host, Path sys, Layout layout, List<GroupDirectory> base, Naming naming) {
        this.host = host;
        this.sys = sys;
        this.layout = layout;
        this.base = List.copyOf(base);
        this.naming = naming;
        this.reading = new Reading(host);
        this.events = new EventLoop();
    }

    /** The same host with another place for groups. */
    private Cgroups(Cgroups same, List<GroupDirectory> base, Naming naming) {
        this.host = same.host;
        this.sys = same.sys;
        this.layout = same.layout;
        this.base = List.copyOf(base);
        this.naming = naming;
        this.reading = same.reading;
        this.events = same.events;
    }

    /** This host's. A host without control groups is no error; {@link #availability()} says so. */
    public static Cgroups detect() {
        return detect(Path.of("/proc"), SYS);
    }

    /**
     * Those below other roots.
     *
     * @param procRoot stands for {@code /proc}
     * @param sysRoot stands for {@code /sys}, in the mount points too
     */
    public static Cgroups detect(Path procRoot, Path sysRoot) {
        return detect(Host.real(procRoot), sysRoot);
    }

    static Cgroups detect(Host host, Path sysRoot) {
        Layout layout = layout(host, sysRoot);
        List<GroupDirectory> own = own(host, layout);
        return Supervision.of(own)
                .map(outOfTheWay -> new Cgroups(host, sysRoot, layout, outOfTheWay, Naming.PAYLOAD))
                .orElseGet(() -> new Cgroups(host, sysRoot, layout, own, Naming.PLAIN));
    }

    private static Layout layout(Host host, Path sysRoot) {
        Path self = host.proc().resolve("self");
        String mountinfo = host.tree().read(self.resolve("mountinfo")).orElse("");
        String membership = host.tree().read(self.resolve("cgroup")).orElse("");
        return Layout.parse(
                mountinfo, membership, path -> path.startsWith(SYS) ? sysRoot.resolve(SYS.relativize(path)) : path);
    }

    /** How this host lays out its control groups. */
    public CgroupMode mode() {
        return layout.mode();
    }

    /** Which limits this user can have enforced for a child here, and why not the others; every controller has its answer. */
    public Map<Controller, Availability> availability() {
        Map<Controller, Availability> answers = new EnumMap<>(Controller.class);
        for (Controller controller : Controller.values()) {
            answers.put(controller, availability(controller));
        }
        return answers;
    }

    /** Whether limits of a controller can be enforced here. */
    public Availability availability(Controller controller) {
        return reach(base).availability(controller);
    }

    /**
     * Makes a group below that of this process, with every controller that is available: also those without limits in
     * {@link Limits}, such as {@code hugetlb}, {@code rdma} and {@code misc}. It belongs to the caller.
     *
     * <p>What a JVM that is no more has left below the same group is removed first.
     *
     * @param name such as {@code builds}; one that could be taken for a file of the kernel's gets a leading underscore
     * @param below names of groups inside that one: the last of all is made, and those on the way where they are missing.
     *     The ones on the way stay when the last is closed
     * @throws NameTaken if there is such a group
     * @throws CgroupException if no group can be made at all; nothing is left behind
     */
    public Cgroup create(String name, String... below) {
        List<String> names = names(name, below);
        Reach reach = reach(base);
        Set<Controller> wanted = EnumSet.allOf(Controller.class);
        wanted.removeIf(controller -> !reach.making(controller).ok());
        Set<GroupDirectory> sites = reach.allSites(wanted);
        if (sites.isEmpty()) {
            throw Reach.error(reach.making(Controller.MEMORY));
        }
        sweepOnce();
        return handle(new GroupMaker(host, reach).make(names, sites, all(wanted, reach)), 0);
    }

    /**
     * A group that is there already, made by somebody else or by an earlier run; empty if there is none. It belongs to who
     * made it: closing the handle does nothing, {@link Cgroup#delete(DeletePolicy)} removes it.
     *
     * @param name as for {@link #create}
     */
    public Optional<Cgroup> find(String name, String... below) {
        Path path = FileNames.path(String.join("/", names(name, below)));
        return adopt(base.stream()
                .flatMap(group ->
                        GroupDirectory.at(host, group.hierarchy(), group.path().resolve(path)).stream())
                .toList());
    }

    /**
     * A group that is there already, by all its directories as {@link Cgroup#paths} gave them; empty if it is gone. Closing the
     * handle does nothing, as with {@link #find}.
     */
    public Optional<Cgroup> at(Collection<Path> directories) {
        return adopt(directories.stream()
                .flatMap(directory -> group(directory).stream())
                .toList());
    }

    /** The group of a directory that somebody names; empty if it is none. */
    private Optional<GroupDirectory> group(Path named) {
        Path directory = named.normalize();
        return hierarchy(directory)
                .flatMap(hierarchy -> GroupDirectory.at(host, hierarchy, directory))
                .filter(group -> group.exists("cgroup.procs"));
    }

    private Optional<Hierarchy> hierarchy(Path directory) {
        return layout.hierarchies().stream()
                .filter(hierarchy -> hierarchy.holds(directory))
                .max(Comparator.comparingInt(Hierarchy::depth));
    }

    /**
     * The same host, with groups made in given directories instead of this process's own group: a subtree that somebody
     * delegated to this user, for instance.
     *
     * @param directories of one group, one for each hierarchy that is to be used
     * @throws IllegalArgumentException if one of them is no group that is visible here, or two are of one hierarchy
     */
    public Cgroups within(Path... directories) {
        List<GroupDirectory> given = new ArrayList<>();
        for (Path directory : directories) {
            GroupDirectory group = group(directory)
                    .orElseThrow(
                            () -> new IllegalArgumentException(directory + " is not a control group of this host"));
            if (given.stream().anyMatch(other -> other.hierarchy().equals(group.hierarchy()))) {
                throw new IllegalArgumentException(
                        directory + " is the second one of its hierarchy; one is needed for each");
            }
            given.add(group);
        }
        return new Cgroups(this, given, Naming.GIVEN);
    }

    /** The subtree in which this process may make groups and who gave it, or why there is none and how to get one. */
    public DelegatedRoot delegated() {
        return new Grants(host, base).root(naming == Naming.GIVEN);
    }

    /**
     * The same host with this process out of the way, for a version 2 group can't hold processes and give controllers to
     * groups below it: every process of this group is moved to {@code supervisor} inside it, and groups made from now on are
     * called {@code payload-} and their name. {@link #detect()} knows the layout again, from Linux 5.7 on. Where the groups are
     * of version 1, nothing is moved.
     *
     * @throws NotDelegated if the group is not this program's own, though root may write to it; {@link #within} makes it so
     * @throws CgroupException if a process can't be moved; those moved before it stay where they are
     */
    public Cgroups supervised() {
        if (naming == Naming.PAYLOAD) {
            return this;
        }
        for (GroupDirectory group : base) {
            if (group.hierarchy().unified() && group.exists("cgroup.type") && mode() == CgroupMode.UNIFIED) {
                requireOwn(group);
                new Supervision(host, group).evacuate();
            }
        }
        return new Cgroups(this, base, Naming.PAYLOAD);
    }

    private void requireOwn(GroupDirectory group) {
        DelegatedRoot root = delegated();
        if (!(root instanceof DelegatedRoot.Granted granted) || !granted.grant().isOwn()) {
            throw new NotDelegated(
                    Failure.of("evacuate", group.path())
                            .why(
                                    root.ok()
                                            ? "it is open to root, and nobody said it was this program's"
                                            : root.describe())
                            .hint("name it with within(..), or run the program as a systemd service with Delegate=yes"),
                    null);
        }
    }

    /**
     * Has systemd make a scope with a subtree of groups for this user, by {@code busctl} or {@code systemd-run}, whichever is
     * there. As root the manager of the machine is asked, as an ordinary user that of the user's session. busctl moves this
     * process into the scope, and there to {@code supervisor}.
     *
     * @throws NoScope if there is none to be had; the error says what was tried, and the three ways to get a subtree
     * @throws InterruptedException if the thread is interrupted while it waits for systemd
     */
    public DelegatedScope obtain(ScopeRequest request) throws InterruptedException {
        Hierarchy unified = layout.v2()
                .filter(hierarchy -> hierarchy.own() instanceof Place.At)
                .orElseThrow(() -> new NoScope(
                        Failure.of("obtain", request.unit())
                                .why("no cgroup2 tree is visible here, and systemd delegates in no other")
                                .hint(Delegation.ways(host.user())),
                        null));
        ScopeCall.Answer answer = new ScopeCall(host, unified, request).ask();
        try {
            Cgroups inside = detect(host, sys).within(answer.path()).supervised();
            return new DelegatedScope(request.unit(), answer.path(), inside, answer.holder());
        } catch (RuntimeException | Error e) {
            answer.holder().ifPresent(Child::close);
            throw e;
        }
    }

    /**
     * Removes what JVMs that are no more have left below the groups of this process: groups made by Corral whose maker has
     * ended, with every process still in them. Others are left alone: those of a living process, of another pid namespace, of
     * another user, and those that can't be told.
     */
    public Swept sweep() {
        return new Sweep(host, base).all();
    }

    /** The group that this process is in now, to look at; it may have been moved since the host was detected. */
    public OwnGroup self() {
        return new OwnGroup(this, own(host, layout(host, sys)));
    }

    /** The limits on this host, instead of the one that is detected when the command starts. */
    public Confinement confine(Limits limits) {
        return launch -> {
            Limited limited = make(limits);
            limited.group().ifPresent(group -> {
                launch.own(group);
                group.prepare(launch);
            });
            launch.provide(limited.applied());
        };
    }

    /** The mode and one line for each controller. */
    @Override
    public String toString() {
        return availability().values().stream()
                .map(Availability::describe)
                .collect(Collectors.joining("\n", "control groups: " + mode() + "\n", ""));
    }

    Host host() {
        return host;
    }

    Layout layout() {
        return layout;
    }

    Reading reading() {
        return reading;
    }

    EventLoop events() {
        return events;
    }

    /** Makes a group for one child and sets its limits; what is made is removed if that fails. */
    Limited make(Limits limits) {
        limits.parent().ifPresent(parent -> parent.requireAlive("create in"));
        Reach reach = reach(limits.parent().map(Cgroup::directories).orElse(base));
        Report report = new Report(limits.requirement());
        Limits possible = limits;
        List<Availability> refused = reach.refused(limits.controllers());
        if (!refused.isEmpty() && limits.requirement() == Requirement.ENFORCE) {
            throw Reach.error(refused);
        }
        Set<Controller> wanted = limits.controllers();
        for (Availability answer : refused) {
            Controller controller = answer.controller();
            wanted.remove(controller);
            report.drop(controller.kernelName(), limits.requested(controller), Reach.error(answer));
            possible = possible.without(controller);
        }
        Set<GroupDirectory> sites = reach.sites(wanted);
        // what a group above limits holds only for what is below it there, limited itself or not
        limits.parent().map(Cgroup::directories).ifPresent(sites::addAll);
        if (sites.isEmpty()) {
            return new Limited(Optional.empty(), report.applied());
        }
        boolean v1 = sites.stream().anyMatch(site -> !site.hierarchy().unified());
        sweepOnce();
        GroupMaker.Made made = new GroupMaker(host, reach)
                .unique(naming.prefix() + limits.name().orElse("corral"), sites, unified(wanted));
        // the init; and in version 1 the launcher's first stage, which joins before it clones
        Cgroup group = handle(made, v1 ? 2 : 1);
        try {
            for (HandedDown outcome : made.handedDown()) {
                Controller controller = Controller.valueOf(outcome.controller().toUpperCase(Locale.ROOT));
                if (outcome.failure().isPresent()) {
                    report.drop(
                            controller.kernelName(),
                            limits.requested(controller),
                            outcome.failure().get());
                    possible = possible.without(controller);
                }
            }
            return new Limited(Optional.of(group), report.applied().and(group.apply(possible)));
        } catch (RuntimeException | Error e) {
            closeAfter(group, e);
            throw e;
        }
    }

    /** Groups of the same name in several hierarchies, as one; empty if there is none. */
    Optional<Cgroup> adopt(List<GroupDirectory> directories) {
        return directories.isEmpty()
                ? Optional.empty()
                : Optional.of(handle(new GroupMaker.Made(sorted(directories), List.of()), 0, Closing.NOTHING));
    }

    /** Makes a group inside one of those groups. */
    Cgroup createIn(List<GroupDirectory> parents, String name) {
        Reach reach = reach(parents);
        Set<Controller> wanted = EnumSet.allOf(Controller.class);
        wanted.removeIf(controller -> !reach.making(controller).ok());
        List<String> names = List.of(CgroupName.escape(CgroupName.check(name)));
        return handle(new GroupMaker(host, reach).make(names, parents, all(wanted, reach)), 0);
    }

    /** The files of a version 2 group that its new owner may write. */
    List<String> delegatable() {
        List<String> names = host.tree()
                .read(sys.resolve("kernel/cgroup/delegate"))
                .map(text -> text.lines().filter(line -> !line.isBlank()).toList())
                .orElse(List.of());
        return names.isEmpty() ? Delegation.V2_FILES : names;
    }

    String givenName(String directory) {
        return naming.given(directory);
    }

    private List<String> names(String name, String... below) {
        List<String> names = new ArrayList<>(List.of(naming.directory(name)));
        Stream.of(below).map(CgroupName::check).map(CgroupName::escape).forEach(names::add);
        return names;
    }

    private Reach reach(List<GroupDirectory> parents) {
        return new Reach(host, layout, base, parents, naming == Naming.GIVEN);
    }

    /** Those that are handed down in the version 2 tree; one of version 1 is in every group of its hierarchy. */
    private List<String> unified(Set<Controller> controllers) {
        return controllers.stream()
                .filter(controller -> layout.v1(controller.v1Name()).isEmpty())
                .map(Controller::kernelName)
                .toList();
    }

    /** The same, and what else there is in that tree. */
    private List<String> all(Set<Controller> controllers, Reach reach) {
        return Stream.concat(unified(controllers).stream(), reach.others().stream())
                .toList();
    }

    /** What is in the way of nobody can wait: a failure to remove it ends nothing else. */
    private void sweepOnce() {
        if (!swept.getAndSet(true)) {
            new Sweep(host, base).quick();
        }
    }

    private Cgroup handle(GroupMaker.Made made, int ownProcesses) {
        return handle(made, ownProcesses, Closing.KILL);
    }

    private Cgroup handle(GroupMaker.Made made, int ownProcesses, Closing closing) {
        List<GroupDirectory> sorted = made.directories();
        boolean v1 = !sorted.get(0).hierarchy().unified();
        boolean v2 = sorted.get(sorted.size() - 1).hierarchy().unified();
        if (v1 && v2) {
            return new HybridCgroup(this, made, ownProcesses, closing);
        }
        return v1 ? new CgroupV1(this, made, ownProcesses, closing) : new CgroupV2(this, made, ownProcesses, closing);
    }

    /** The groups that this process was in, as far as they can be seen. */
    private static List<GroupDirectory> own(Host host, Layout layout) {
        return layout.hierarchies().stream()
                .flatMap(hierarchy -> hierarchy.own().directory().stream()
                        .flatMap(path -> GroupDirectory.at(host, hierarchy, path).stream()))
                .toList();
    }

    private static List<GroupDirectory> sorted(List<GroupDirectory> directories) {
        return directories.stream()
                .sorted(Comparator.comparing(directory -> directory.hierarchy().unified()))
                .toList();
    }

    private static void closeAfter(Cgroup group, Throwable failure) {
        try {
            group.close();
        } catch (CgroupException e) {
            failure.addSuppressed(e);
        }
    }
}
