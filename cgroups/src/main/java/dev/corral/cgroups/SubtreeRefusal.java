package dev.corral.cgroups;

import dev.corral.internal.linux.Errno;
import dev.corral.internal.linux.ErrnoException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Turns what the kernel says about handing controllers down into sentences; what makes them useful is read when they are needed. */
record SubtreeRefusal(GroupDirectory group) {
    /** What there is instead of controllers that version 2 does not have. */
    private static final Map<String, String> V1_ONLY = Map.of(
            "blkio", "there it is called io",
            "cpuacct", "every group counts CPU time in cpu.stat",
            "devices", "eBPF programs do that work",
            "freezer", "every group has cgroup.freeze",
            "net_cls", "the firewall matches groups by their path",
            "net_prio", "the firewall matches groups by their path");

    /** Why a value was not taken. */
    CgroupException refused(String value, String name, ErrnoException e) {
        Failure failure = failure(value).errno(e);
        return switch (e.errno()) {
            case Errno.EBUSY -> value.startsWith("-") ? handedOn(failure, name, e) : occupied(failure, e);
            case Errno.EEXIST -> new NameTaken(failure.why(blocked(name)), e);
            case Errno.ENOENT ->
                new ControllerUnavailable(failure.why(unavailable(name).why()), e);
            case Errno.EOPNOTSUPP ->
                new KernelRefused(
                        failure.why(name + " cannot be handed down by a group of type \"" + type()
                                + "\", only by one whose type is domain"),
                        e);
            case Errno.EINVAL ->
                new KernelRefused(
                        failure.why(
                                name.equals("cpu")
                                        ? "a kernel with real-time group scheduling wants every real-time process"
                                                + " in the root group first"
                                        : name + " is not a version 2 controller"),
                        e);
            default -> group.refusal().refused("write", SubtreeControl.FILE, value, e);
        };
    }

    private String type() {
        return String.join(" ", group.words(SubtreeControl.TYPE));
    }

    /** The same before the kernel was asked. */
    InternalProcesses occupied(List<String> missing, List<Long> pids) {
        return new InternalProcesses(failure(text(missing)).why(occupied(pids)), pids, null);
    }

    private CgroupException occupied(Failure failure, ErrnoException e) {
        List<Long> pids = group.pids();
        return new InternalProcesses(failure.why(occupied(pids)), pids, e);
    }

    private String occupied(List<Long> pids) {
        return "processes " + pids + " sit in " + group.path()
                + ", and a version 2 group that holds processes can't give controllers to groups below it;"
                + " move them to a leaf first";
    }

    private CgroupBusy handedOn(Failure failure, String name, ErrnoException e) {
        List<String> users = group.children().stream()
                .filter(child -> child.ifThere(there -> Optional.of(there.words(SubtreeControl.FILE)))
                        .orElse(List.of())
                        .contains(name))
                .map(child -> child.path().toString())
                .toList();
        return new CgroupBusy(failure.why("groups " + users + " hand " + name + " on"), List.of(), users, e);
    }

    WouldBecomeThreaded threaded(List<String> missing, List<Long> pids, String verb) {
        return new WouldBecomeThreaded(
                failure(text(missing))
                        .why("processes " + pids + " sit in it, and handing down " + String.join(", ", missing) + " "
                                + verb + " it \"domain threaded\"")
                        .hint("move them to a group below first, or allow it with allowThreaded()"),
                pids,
                null);
    }

    /** The kernel makes the controller's files in every group in this one, where a group may have such a name already. */
    private String blocked(String name) {
        String paths = group.children().stream()
                .flatMap(child -> child.children().stream())
                .map(GroupDirectory::path)
                .filter(path -> path.getFileName().toString().startsWith(name + "."))
                .map(Path::toString)
                .collect(Collectors.joining(", "));
        return paths.isEmpty()
                ? "a group further below has the name of one of the files of " + name
                : "the group " + paths + " has the name of a file of " + name + "; remove it first";
    }

    ControllerUnavailable unavailable(String name) {
        return new ControllerUnavailable(failure("+" + name).why(whyNot(name)), null);
    }

    /** The first of the reasons that holds: of no version 2, of version 1 here, kept by a group above, or nowhere. */
    private String whyNot(String name) {
        Optional<String> instead = Optional.ofNullable(V1_ONLY.get(name));
        if (instead.isPresent()) {
            return name + " is not a version 2 controller; " + instead.get();
        }
        if (group.host().processes().own().stream()
                .anyMatch(line -> line.controllers().contains(name))) {
            return "version 1 holds it on this host, and a controller belongs to one version at a time";
        }
        List<GroupDirectory> levels = group.upwards();
        return levels.stream()
                .skip(1)
                .filter(level -> level.has(name))
                .findFirst()
                .map(level -> "the group above, " + level.path() + ", does not hand it down; write +" + name + " to "
                        + level.path().resolve(SubtreeControl.FILE) + " first")
                .orElseGet(() -> levels.get(levels.size() - 1).exists(SubtreeControl.TYPE)
                        ? "no group that can be seen here has it: those above do not hand it down, or this kernel has no"
                                + " such controller"
                        : "this kernel has no such controller in version 2");
    }

    CgroupException withdrawn(String name) {
        return new KernelRefused(failure("+" + name).why("the kernel took it, and the file does not list it"), null);
    }

    Failure failure(String value) {
        return Failure.of("write", group.path().resolve(SubtreeControl.FILE)).value(value);
    }

    static String text(List<String> names) {
        return names.stream().map(name -> "+" + name).collect(Collectors.joining(" "));
    }
}
