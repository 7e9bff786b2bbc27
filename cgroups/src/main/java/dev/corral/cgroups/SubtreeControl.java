package dev.corral.cgroups;

import dev.corral.internal.linux.Errno;
import dev.corral.internal.linux.ErrnoException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which controllers a version 2 group hands to the groups in it. Safe for use by several threads; what another program
 * changes meanwhile is seen at the next call.
 *
 * <p>Source: {@code cgroup.controllers}, {@code cgroup.subtree_control}, {@code cgroup.type}; cgroup-v2.rst, "Controlling
 * Controllers" and "Threads".
 */
public final class SubtreeControl {
    private static final String FILE = "cgroup.subtree_control";
    private static final String TYPE = "cgroup.type";
    /** With these the kernel lets a group hold processes and hand them down too, and makes it threaded for it. */
    private static final Set<String> THREADED = Set.of("cpu", "cpuset", "pids", "perf_event");

    /** What there is instead of controllers that version 2 does not have. */
    private static final Map<String, String> V1_ONLY = Map.of(
            "blkio", "there it is called io",
            "cpuacct", "every group counts CPU time in cpu.stat",
            "devices", "eBPF programs do that work",
            "freezer", "every group has cgroup.freeze",
            "net_cls", "the firewall matches groups by their path",
            "net_prio", "the firewall matches groups by their path");

    /** A group is busy for a moment while one of its processes ends or a group in it is removed. */
    private static final Duration BUSY = Duration.ofMillis(50);

    private final GroupDirectory group;
    private final boolean threads;

    private SubtreeControl(GroupDirectory group, boolean threads) {
        this.group = group;
        this.threads = threads;
    }

    static SubtreeControl of(GroupDirectory group) {
        return new SubtreeControl(group, false);
    }

    /** The same, but a group that holds processes may become "domain threaded". It has no way back while it holds them. */
    public SubtreeControl allowThreaded() {
        return new SubtreeControl(group, true);
    }

    /** What it could hand down, in the kernel's order: what the groups above gave it. */
    public List<String> available() {
        return group.words("cgroup.controllers");
    }

    /** What it hands down now, in the kernel's order. */
    public List<String> enabled() {
        return group.words(FILE);
    }

    /** Such as {@code domain} or {@code domain threaded}; empty for a root, which has no type. */
    public Optional<String> type() {
        return group.text(TYPE).map(String::strip);
    }

    /**
     * Hands controllers down, those it can: all in one write, and one by one if the kernel refuses that, for it may have
     * carried out a part. What it says afterwards is the answer.
     *
     * @return what became of each, in the order given
     * @throws InternalProcesses if it holds processes, and one of the controllers is not for threads; nothing has changed
     * @throws WouldBecomeThreaded if it holds processes, and the kernel would make it threaded; nothing has changed, unless a
     *     process came in meanwhile, and then it was undone
     * @throws CgroupGone if the group was removed
     */
    public List<HandedDown> enable(String... controllers) {
        Set<String> wanted = new LinkedHashSet<>(List.of(controllers));
        Map<String, CgroupException> failures = new HashMap<>();
        List<String> available = available();
        List<String> enabled = enabled();
        List<String> missing = new ArrayList<>();
        for (String name : wanted) {
            if (!available.contains(name)) {
                failures.put(name, unavailable(name));
            } else if (!enabled.contains(name)) {
                missing.add(name);
            }
        }
        if (!missing.isEmpty()) {
            Optional<String> before = type();
            before.ifPresent(type -> refuseProcesses(missing, type));
            write(missing, failures);
            before.ifPresent(type -> undoThreaded(missing, type));
        }
        List<String> after = missing.isEmpty() ? enabled : enabled();
        return wanted.stream()
                .map(name -> after.contains(name)
                        ? HandedDown.done(name)
                        : HandedDown.failed(name, failures.getOrDefault(name, withdrawn(name))))
                .toList();
    }

    /**
     * Takes controllers away from the groups below, one by one; those that it does not hand down are passed over.
     *
     * @throws CgroupBusy if a group below hands one of them on
     */
    public void disable(String... controllers) {
        for (String name : controllers) {
            if (enabled().contains(name)) {
                attempt("-" + name).ifPresent(refusal -> {
                    throw refused("-" + name, name, refusal);
                });
            }
        }
    }

    private void refuseProcesses(List<String> missing, String type) {
        List<Long> pids = type.equals("domain") ? group.pids() : List.of();
        if (pids.isEmpty()) {
            return;
        }
        List<String> domain =
                missing.stream().filter(name -> !THREADED.contains(name)).toList();
        if (!domain.isEmpty()) {
            throw new InternalProcesses(failure(text("+", missing)).why(occupied(pids)), pids, null);
        }
        if (!threads) {
            throw threaded(missing, pids, "would make");
        }
    }

    private void write(List<String> missing, Map<String, CgroupException> failures) {
        try {
            group.put(FILE, text("+", missing));
        } catch (ErrnoException all) {
            requireAlive(text("+", missing), all);
            for (String name : missing) {
                attempt("+" + name).ifPresent(refusal -> failures.put(name, refused("+" + name, name, refusal)));
            }
        }
    }

    /** The process that came in between the look and the write is the reason for the second look. */
    private void undoThreaded(List<String> written, String before) {
        if (!threads && before.equals("domain") && type().equals(Optional.of("domain threaded"))) {
            CgroupException failure = threaded(written, group.pids(), "made");
            disable(written.toArray(String[]::new));
            throw failure;
        }
    }

    private Optional<ErrnoException> attempt(String value) {
        List<ErrnoException> refusals = new ArrayList<>();
        group.host().backoff().until(BUSY, () -> {
            refusals.clear();
            try {
                group.put(FILE, value);
            } catch (ErrnoException e) {
                requireAlive(value, e);
                refusals.add(e);
            }
            return refusals.stream().noneMatch(e -> e.errno() == Errno.EBUSY);
        });
        return refusals.stream().findFirst();
    }

    private void requireAlive(String value, ErrnoException e) {
        if (e.errno() == Errno.ENODEV || !group.alive()) {
            throw Refusal.gone(failure(value), e);
        }
    }

    private CgroupException refused(String value, String name, ErrnoException e) {
        Failure failure = failure(value).errno(e);
        return switch (e.errno()) {
            case Errno.EBUSY -> value.startsWith("-") ? handedOn(failure, name, e) : occupied(failure, e);
            case Errno.EEXIST -> new NameTaken(failure.why(blocked(name)), e);
            case Errno.ENOENT ->
                new ControllerUnavailable(failure.why(unavailable(name).why()), e);
            case Errno.EOPNOTSUPP ->
                new KernelRefused(
                        failure.why(name + " cannot be handed down by a group of type \"" + type().orElse("domain")
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
            default -> group.refusal().refused("write", FILE, value, e);
        };
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
                .filter(child -> child.ifThere(there -> Optional.of(there.words(FILE)))
                        .orElse(List.of())
                        .contains(name))
                .map(child -> child.path().toString())
                .toList();
        return new CgroupBusy(failure.why("groups " + users + " hand " + name + " on"), List.of(), users, e);
    }

    private WouldBecomeThreaded threaded(List<String> missing, List<Long> pids, String verb) {
        return new WouldBecomeThreaded(
                failure(text("+", missing))
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

    private ControllerUnavailable unavailable(String name) {
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
                        + level.path().resolve(FILE) + " first")
                .orElseGet(() -> levels.get(levels.size() - 1).exists(TYPE)
                        ? "no group that can be seen here has it: those above do not hand it down, or this kernel has no"
                                + " such controller"
                        : "this kernel has no such controller in version 2");
    }

    private CgroupException withdrawn(String name) {
        return new KernelRefused(failure("+" + name).why("the kernel took it, and the file does not list it"), null);
    }

    private Failure failure(String value) {
        return Failure.of("write", group.path().resolve(FILE)).value(value);
    }

    private static String text(String sign, List<String> names) {
        return names.stream().map(name -> sign + name).collect(Collectors.joining(" "));
    }
}
