package dev.corral.cgroups;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which groups can be made in given ones.
 *
 * @param base the groups below which this process may make others, at most one for each hierarchy
 * @param parents those in which it is to make them: the same, or groups below them
 * @param given whether the caller named the base, and so is free to move about what is in it
 */
record Reach(Host host, Layout layout, List<GroupDirectory> base, List<GroupDirectory> parents, boolean given) {
    private static final String PROCS = "cgroup.procs";

    /** Whether a child can be limited. */
    Availability availability(Controller controller) {
        Availability answer = making(controller);
        Optional<GroupDirectory> parent = answer.ok() ? parent(controller) : Optional.empty();
        Optional<Path> barrier = parent.flatMap(this::barrier);
        if (barrier.isEmpty()) {
            return answer;
        }
        OptionalInt owner = host.tree().owner(barrier.get().resolve(PROCS));
        return owner.isPresent()
                ? new Availability.OutOfReach(
                        controller, parent.orElseThrow().path(), barrier.get(), owner.getAsInt(), host.user())
                : vanished(controller, barrier.get());
    }

    /** Whether groups with the controller can be made, for whatever process. */
    Availability making(Controller controller) {
        Optional<Hierarchy> v1 = layout.v1(controller.v1Name());
        return v1.isPresent() ? inV1(controller, v1.get()) : inV2(controller);
    }

    /** The group in which one with the controller would be made, writable or not. */
    Optional<GroupDirectory> parent(Controller controller) {
        Optional<Hierarchy> v1 = layout.v1(controller.v1Name());
        return v1.isPresent() ? parent(v1.get()) : unified();
    }

    /** Where a group of a child's has to have a directory: where these controllers are, and those that help to kill and to count. */
    Set<GroupDirectory> sites(Collection<Controller> controllers) {
        return sites(
                controllers,
                unified().filter(group -> joinable(group) && barrier(group).isEmpty()));
    }

    private Set<GroupDirectory> sites(Collection<Controller> controllers, Optional<GroupDirectory> twin) {
        Set<GroupDirectory> sites = new LinkedHashSet<>();
        for (Controller controller : controllers) {
            parent(controller).ifPresent(sites::add);
        }
        if (twin.isPresent()) {
            sites.add(twin.get());
        } else {
            for (String name : List.of("cpuacct", "freezer")) {
                layout.v1(name)
                        .flatMap(this::parent)
                        .filter(group -> host.tree().writable(group.path()))
                        .ifPresent(sites::add);
            }
        }
        return sites;
    }

    /** The same for a group that may have every controller: its directories lie in all hierarchies that can be written to. */
    Set<GroupDirectory> allSites(Collection<Controller> controllers) {
        Set<GroupDirectory> sites = sites(controllers, unified().filter(this::joinable));
        for (Hierarchy hierarchy : layout.hierarchies()) {
            if (hierarchy.hasControllers()) {
                parent(hierarchy)
                        .filter(group -> sites.contains(group) || host.tree().writable(group.path()))
                        .ifPresent(sites::add);
            }
        }
        return sites;
    }

    /** The controllers of version 2 that no {@link Limits} are about, and which can be handed down. */
    List<String> others() {
        Optional<GroupDirectory> group = unified().filter(this::joinable);
        if (group.isEmpty()) {
            return List.of();
        }
        List<GroupDirectory> levels = levels(group.get());
        return levels.get(0).words("cgroup.controllers").stream()
                .filter(name -> Arrays.stream(Controller.values()).noneMatch(known -> name.equals(known.kernelName())))
                .filter(name -> levels.stream().noneMatch(level -> isInTheWay(level, name)))
                .toList();
    }

    /** What is answered for those of the controllers that can't be had. */
    List<Availability> refused(Collection<Controller> controllers) {
        return controllers.stream()
                .map(this::availability)
                .filter(answer -> !answer.ok())
                .toList();
    }

    /** The error that says the same. */
    static CgroupException error(Availability refused) {
        return error(List.of(refused));
    }

    /**
     * The error that says the same of the first, and of all the others that want for the same: who hands over one group at a time
     * would start the program once for each.
     */
    static CgroupException error(List<Availability> refused) {
        Availability availability = refused.get(0);
        String feature = availability.controller().kernelName();
        if (availability instanceof Availability.NotDelegated first) {
            List<Availability.NotDelegated> alike = refused.stream()
                    .filter(Availability.NotDelegated.class::isInstance)
                    .map(Availability.NotDelegated.class::cast)
                    .filter(other -> other.owner() == first.owner() && other.readOnly() == first.readOnly())
                    .toList();
            String features = alike.stream()
                    .map(denied -> denied.controller().kernelName())
                    .collect(Collectors.joining(", "));
            List<Path> parents = alike.stream()
                    .map(Availability.NotDelegated::parent)
                    .distinct()
                    .toList();
            OptionalInt owner = OptionalInt.of(first.owner());
            String why = Delegation.why(parents, owner, first.user(), first.readOnly());
            String ways = Delegation.ways(first.user(), owner, first.readOnly());
            return new NotDelegated(Failure.of("limit", features).why(why).hint(ways), null);
        }
        if (availability instanceof Availability.OutOfReach far) {
            String why = Delegation.outOfReach(far.parent(), far.above(), far.owner());
            return new NotDelegated(Failure.of("limit", feature).why(why).hint(Delegation.ways(far.user())), null);
        }
        if (availability instanceof Availability.Occupied occupied) {
            Failure failure = Failure.of("limit", feature)
                    .why(Delegation.occupied(occupied.parent()))
                    .hint(occupied.ways());
            return new InternalProcesses(failure, List.of(), null);
        }
        String sentence = availability.describe();
        return new ControllerUnavailable(
                Failure.of("limit", feature).why(sentence.substring(sentence.indexOf(": ") + 2)), null);
    }

    private Availability inV1(Controller controller, Hierarchy hierarchy) {
        if (hierarchy.own() instanceof Place.NotMounted) {
            return new Availability.NotMounted(controller);
        }
        if (hierarchy.own() instanceof Place.Hidden hidden) {
            return new Availability.NotVisible(controller, hidden.why());
        }
        Optional<GroupDirectory> parent = parent(hierarchy);
        if (parent.isEmpty()) {
            return new Availability.NotVisible(controller, "there is no group to make another one in");
        }
        return host.tree().writable(parent.get().path())
                ? new Availability.Available(controller, parent.get().path())
                : denied(controller, parent.get());
    }

    private Availability inV2(Controller controller) {
        Optional<Hierarchy> v2 = layout.v2();
        if (v2.isEmpty() || v2.get().own() instanceof Place.NotMounted) {
            return inKernel(controller)
                    ? new Availability.NotMounted(controller)
                    : new Availability.NotInKernel(controller);
        }
        if (v2.get().own() instanceof Place.Hidden hidden) {
            return new Availability.NotVisible(controller, hidden.why());
        }
        Optional<GroupDirectory> parent = unified();
        if (parent.isEmpty()) {
            return new Availability.NotVisible(controller, "there is no group to make another one in");
        }
        GroupDirectory group = parent.get();
        List<GroupDirectory> levels = levels(group);
        String name = controller.kernelName();
        if (!levels.get(0).has(name)) {
            boolean above = group.upwards().stream().anyMatch(level -> level.has(name));
            return above || inKernel(controller)
                    ? new Availability.NotHandedDown(controller, levels.get(0).path())
                    : new Availability.NotInKernel(controller);
        }
        if (!joinable(group)) {
            return denied(controller, group);
        }
        return levels.stream()
                .filter(level -> isInTheWay(level, name))
                .findFirst()
                .<Availability>map(level -> new Availability.Occupied(
                        controller, level.path(), Delegation.outOfTheWay(isOwn(level), host.user())))
                .orElseGet(() -> new Availability.Available(controller, group.path()));
    }

    /** The groups from the base down to one below it, or to itself: on this way controllers can be handed down. */
    List<GroupDirectory> levels(GroupDirectory group) {
        List<GroupDirectory> levels = new ArrayList<>();
        for (GroupDirectory level : group.upwards()) {
            levels.add(0, level);
            if (base.contains(level)) {
                return levels;
            }
        }
        return List.of(group);
    }

    /** A group with processes can't hand a controller down, unless it does already or is the real root. */
    private static boolean isInTheWay(GroupDirectory level, String controller) {
        return !level.words("cgroup.subtree_control").contains(controller)
                && level.exists("cgroup.type")
                && !level.pids().isEmpty();
    }

    private boolean isOwn(GroupDirectory level) {
        return base.contains(level)
                && (given || new Grants(host, base).grant(level).isOwn());
    }

    /** Being born in a group below takes the right to write the list of processes here too. */
    private boolean joinable(GroupDirectory group) {
        return host.tree().writable(group.path())
                && host.tree().writable(group.path().resolve(PROCS));
    }

    /**
     * The nearest group of version 2 above both this process and another group, if this user may not write its list of processes;
     * empty if it may, or where this process is can't be seen. It may have been moved since the host was detected.
     */
    private Optional<Path> barrier(GroupDirectory group) {
        if (!group.hierarchy().unified() || !(group.hierarchy().own() instanceof Place.At at)) {
            return Optional.empty();
        }
        return barrier(at.path(), group).isEmpty() ? Optional.empty() : now(at).flatMap(own -> barrier(own, group));
    }

    private Optional<Path> barrier(Path own, GroupDirectory group) {
        return Optional.of(Attachment.common(own, group.path()))
                .filter(above -> !above.equals(group.path()) && !host.tree().writable(above.resolve(PROCS)));
    }

    private Optional<Path> now(Place.At at) {
        String text = host.tree().read(host.proc().resolve("self/cgroup")).orElse("");
        return Membership.parse(text).stream()
                .filter(Membership::isV2)
                .findFirst()
                .flatMap(line -> at.resolve(line.path()));
    }

    private Availability denied(Controller controller, GroupDirectory group) {
        OptionalInt owner = host.tree().owner(group.path());
        return owner.isPresent()
                ? new Availability.NotDelegated(
                        controller,
                        group.path(),
                        owner.getAsInt(),
                        host.user(),
                        group.hierarchy().readOnly())
                : vanished(controller, group.path());
    }

    private static Availability vanished(Controller controller, Path group) {
        return new Availability.NotVisible(
                controller, group + " was removed meanwhile, or this user may not look at it");
    }

    private Optional<GroupDirectory> parent(Hierarchy hierarchy) {
        for (GroupDirectory group : parents) {
            if (group.hierarchy().isSame(hierarchy)) {
                return Optional.of(group);
            }
        }
        return Optional.empty();
    }

    private Optional<GroupDirectory> unified() {
        for (GroupDirectory group : parents) {
            if (group.hierarchy().unified()) {
                return Optional.of(group);
            }
        }
        return Optional.empty();
    }

    /** Whether /proc/cgroups lists it as enabled. Newer kernels list there what version 1 could hold, and no more. */
    private boolean inKernel(Controller controller) {
        return host.tree()
                .read(host.proc().resolve("cgroups"))
                .orElse("")
                .lines()
                .anyMatch(line -> {
                    String[] words = line.strip().split("[ \t]+", -1);
                    return words.length == 4 && words[0].equals(controller.v1Name()) && words[3].equals("1");
                });
    }
}
