package dev.corral.cgroups;

import dev.corral.Confinement;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The control groups of this host as this process sees them: read from {@code /proc/self/mountinfo} and
 * {@code /proc/self/cgroup} at one moment. A process that is moved to another group detects again.
 *
 * <p>Immutable, and safe for use by several threads.
 */
public final class Cgroups {
    private static final Path SYS = Path.of("/sys");
    private static final int NAME_TRIES = 8;
    private static final long NAME_BITS = (1L << 40) - 1;

    private final Host host;
    private final Layout layout;
    private final List<GroupDirectory> own;
    private final Reading reading;
    private final EventLoop events = new EventLoop();

    private Cgroups(Host host, Layout layout) {
        this.host = host;
        this.layout = layout;
        this.reading = new Reading(host);
        this.own = layout.hierarchies().stream()
                .flatMap(hierarchy -> hierarchy.own().directory().stream()
                        .flatMap(path -> GroupDirectory.at(host, hierarchy, path).stream()))
                .toList();
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
        Path self = host.proc().resolve("self");
        String mountinfo = host.tree().read(self.resolve("mountinfo")).orElse("");
        String membership = host.tree().read(self.resolve("cgroup")).orElse("");
        return new Cgroups(
                host,
                Layout.parse(
                        mountinfo,
                        membership,
                        path -> path.startsWith(SYS) ? sysRoot.resolve(SYS.relativize(path)) : path));
    }

    public CgroupMode mode() {
        return layout.mode();
    }

    /** Which limits this user can have enforced here, and why not the others; every controller has its answer. */
    public Map<Controller, Availability> availability() {
        Map<Controller, Availability> answers = new EnumMap<>(Controller.class);
        for (Controller controller : Controller.values()) {
            answers.put(controller, availability(controller));
        }
        return answers;
    }

    /** Whether limits of a controller can be enforced here. */
    public Availability availability(Controller controller) {
        return reach(own).availability(controller);
    }

    /**
     * Makes a group below that of this process, with every controller that is available. It belongs to the caller.
     *
     * @param name such as {@code builds}; one that could be taken for a file of the kernel's gets a leading underscore
     * @throws NameTaken if there is such a group
     * @throws CgroupException if no group can be made at all; nothing is left behind
     */
    public Cgroup create(String name) {
        String directory = CgroupName.escape(CgroupName.check(name));
        Reach reach = reach(own);
        Set<Controller> wanted = EnumSet.allOf(Controller.class);
        wanted.removeIf(controller -> !reach.availability(controller).ok());
        Set<GroupDirectory> sites = reach.allSites(wanted);
        if (sites.isEmpty()) {
            throw Reach.error(reach.availability(Controller.MEMORY));
        }
        return make(directory, sites, wanted, 0);
    }

    /** The group of this process, to look at. */
    public OwnGroup self() {
        return new OwnGroup(this, own);
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
        Reach reach = reach(limits.parent().map(Cgroup::directories).orElse(own));
        Report report = new Report(limits.requirement());
        Limits possible = limits;
        Set<Controller> wanted = EnumSet.noneOf(Controller.class);
        for (Controller controller : limits.controllers()) {
            Availability answer = reach.availability(controller);
            if (answer.ok()) {
                wanted.add(controller);
            } else {
                report.drop(controller.kernelName(), limits.requested(controller), Reach.error(answer));
                possible = possible.without(controller);
            }
        }
        Set<GroupDirectory> sites = reach.sites(wanted);
        // what a group above limits holds only for what is below it there, limited itself or not
        limits.parent().map(Cgroup::directories).ifPresent(sites::addAll);
        if (sites.isEmpty()) {
            return new Limited(Optional.empty(), report.applied());
        }
        boolean v1 = sites.stream().anyMatch(site -> !site.hierarchy().unified());
        // the init; and in version 1 the launcher's first stage, which joins before it clones
        Cgroup group = makeUnique(limits.name().orElse("corral"), sites, wanted, v1 ? 2 : 1);
        try {
            return new Limited(Optional.of(group), report.applied().and(group.apply(possible)));
        } catch (RuntimeException | Error e) {
            closeAfter(group, e);
            throw e;
        }
    }

    private Reach reach(List<GroupDirectory> parents) {
        return new Reach(host, layout, parents);
    }

    /** A name that no other run of this or of another program has left behind. */
    private Cgroup makeUnique(
            String prefix, Collection<GroupDirectory> sites, Set<Controller> controllers, int ownProcesses) {
        for (int tries = 1; ; tries++) {
            String random = Long.toString(host.random().getAsLong() & NAME_BITS, Character.MAX_RADIX);
            String name = CgroupName.escape(prefix + "-" + host.identity() + "-" + random);
            try {
                return make(name, sites, controllers, ownProcesses);
            } catch (NameTaken e) {
                if (tries == NAME_TRIES) {
                    throw e;
                }
            }
        }
    }

    private Cgroup make(String name, Collection<GroupDirectory> sites, Set<Controller> controllers, int ownProcesses) {
        List<GroupDirectory> made = new ArrayList<>();
        try {
            for (GroupDirectory site : sites) {
                if (site.hierarchy().unified()) {
                    enable(site, controllers);
                }
                GroupDirectory child = site.child(name);
                made.add(child);
                if (!child.hierarchy().unified() && child.has("cpuset")) {
                    CpusetV1.initialise(child);
                }
            }
        } catch (RuntimeException | Error e) {
            if (!made.isEmpty()) {
                closeAfter(handle(made, ownProcesses), e);
            }
            throw e;
        }
        return handle(made, ownProcesses);
    }

    /** Hands the controllers of a version 2 group to those below it. */
    private static void enable(GroupDirectory site, Set<Controller> controllers) {
        List<String> enabled = site.words("cgroup.subtree_control");
        String missing = controllers.stream()
                .map(Controller::kernelName)
                .filter(name -> site.has(name) && !enabled.contains(name))
                .map(name -> "+" + name)
                .collect(Collectors.joining(" "));
        if (missing.isEmpty()) {
            return;
        }
        try {
            site.write("cgroup.subtree_control", missing);
        } catch (KernelRefused e) {
            throw e.errno().equals(Optional.of("EBUSY"))
                    ? new InternalProcesses(
                            Failure.of("write", site.path().resolve("cgroup.subtree_control"))
                                    .value(missing)
                                    .why("EBUSY, " + Delegation.occupied(site.path())),
                            e)
                    : e;
        }
    }

    private Cgroup handle(List<GroupDirectory> made, int ownProcesses) {
        List<GroupDirectory> sorted = made.stream()
                .sorted(Comparator.comparing(directory -> directory.hierarchy().unified()))
                .toList();
        boolean v1 = !sorted.get(0).hierarchy().unified();
        boolean v2 = sorted.get(sorted.size() - 1).hierarchy().unified();
        if (v1 && v2) {
            return new HybridCgroup(this, sorted, ownProcesses);
        }
        return v1 ? new CgroupV1(this, sorted, ownProcesses) : new CgroupV2(this, sorted, ownProcesses);
    }

    private static void closeAfter(Cgroup group, Throwable failure) {
        try {
            group.close();
        } catch (CgroupException e) {
            failure.addSuppressed(e);
        }
    }
}
