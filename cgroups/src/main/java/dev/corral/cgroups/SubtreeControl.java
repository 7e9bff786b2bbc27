package dev.corral.cgroups;

import dev.corral.internal.linux.Errno;
import dev.corral.internal.linux.ErrnoException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which controllers a version 2 group hands to the groups in it. Safe for use by several threads; what another program
 * changes meanwhile is seen at the next call.
 *
 * <p>Source: {@code cgroup.controllers}, {@code cgroup.subtree_control}, {@code cgroup.type}; cgroup-v2.rst, "Controlling
 * Controllers" and "Threads".
 */
public final class SubtreeControl {
    static final String FILE = "cgroup.subtree_control";
    static final String TYPE = "cgroup.type";
    /** With these the kernel lets a group hold processes and hand them down too, and makes it threaded for it. */
    private static final Set<String> THREADED = Set.of("cpu", "cpuset", "pids", "perf_event");

    /** A group is busy for a moment while one of its processes ends or a group in it is removed. */
    private static final Duration BUSY = Duration.ofMillis(50);

    private final GroupDirectory group;
    private final boolean threads;
    private final SubtreeRefusal refusal;

    private SubtreeControl(GroupDirectory group, boolean threads) {
        this.group = group;
        this.threads = threads;
        this.refusal = new SubtreeRefusal(group);
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
                failures.put(name, refusal.unavailable(name));
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
                        : HandedDown.failed(name, failures.getOrDefault(name, refusal.withdrawn(name))))
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
                attempt("-" + name).ifPresent(reason -> {
                    throw refusal.refused("-" + name, name, reason);
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
            throw refusal.occupied(missing, pids);
        }
        if (!threads) {
            throw refusal.threaded(missing, pids, "would make");
        }
    }

    private void write(List<String> missing, Map<String, CgroupException> failures) {
        try {
            group.put(FILE, SubtreeRefusal.text(missing));
        } catch (ErrnoException all) {
            requireAlive(SubtreeRefusal.text(missing), all);
            for (String name : missing) {
                attempt("+" + name).ifPresent(reason -> failures.put(name, refusal.refused("+" + name, name, reason)));
            }
        }
    }

    /** The process that came in between the look and the write is the reason for the second look. */
    private void undoThreaded(List<String> written, String before) {
        if (!threads && before.equals("domain") && type().equals(Optional.of("domain threaded"))) {
            CgroupException failure = refusal.threaded(written, group.pids(), "made");
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
            throw Refusal.gone(refusal.failure(value), e);
        }
    }
}
