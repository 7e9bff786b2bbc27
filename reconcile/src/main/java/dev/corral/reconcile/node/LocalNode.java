package dev.corral.reconcile.node;

import dev.corral.internal.linux.Sysctl;
import dev.corral.reconcile.Clock;
import dev.corral.reconcile.Condition;
import dev.corral.reconcile.Conditions;
import dev.corral.reconcile.Key;
import dev.corral.reconcile.Store;
import dev.corral.reconcile.workload.Node;
import dev.corral.reconcile.workload.NodeStatus;
import dev.corral.reconcile.workload.Quantity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The machine of this JVM as a node. */
public final class LocalNode {
    /** The name of the only node of a control plane within a JVM. */
    public static final String NAME = "local";

    private static final Pattern TOTAL = Pattern.compile("(?m)^MemTotal:\\s+([0-9]{1,15}) kB$");

    private LocalNode() {}

    /**
     * Puts the node into a store, with what it has.
     *
     * @param capacity by the name of the resource; all of it can be requested
     */
    public static void register(Store store, Clock clock, Map<String, Quantity> capacity) {
        store.apply(Node.named(NAME)).orThrow();
        String uid = store.snapshot()
                .get(Node.KIND, Key.of(NAME))
                .orElseThrow()
                .metadata()
                .uid();
        Condition ready =
                new Condition(NodeStatus.READY, Condition.Status.TRUE, "AgentReady", "the agent runs", 1, clock.now());
        store.updateStatus(
                Node.KIND,
                Key.of(NAME),
                uid,
                old -> new NodeStatus(capacity, capacity, Conditions.none().with(ready)));
    }

    /**
     * What this host has: {@code cpu} as many as this JVM may use, {@code memory} in bytes, and {@code pids}. What can't be read
     * is missing, so nothing of it can be requested.
     *
     * @param proc the root of /proc
     */
    public static Map<String, Quantity> capacity(Path proc) {
        Map<String, Quantity> capacity = new TreeMap<>();
        capacity.put("cpu", Quantity.of(Runtime.getRuntime().availableProcessors()));
        text(proc.resolve("meminfo")).flatMap(LocalNode::memory).ifPresent(memory -> capacity.put("memory", memory));
        Sysctl.read(proc.resolve("sys/kernel/pid_max"))
                .filter(most -> most.matches("[0-9]{1,9}"))
                .ifPresent(most -> capacity.put("pids", Quantity.of(Long.parseLong(most))));
        return capacity;
    }

    /** The line {@code MemTotal} of /proc/meminfo. Source: proc_meminfo(5). */
    static Optional<Quantity> memory(String meminfo) {
        Matcher total = TOTAL.matcher(meminfo);
        return total.find() ? Optional.of(Quantity.parse(total.group(1) + "Ki")) : Optional.empty();
    }

    private static Optional<String> text(Path file) {
        try {
            return Optional.of(Files.readString(file));
        } catch (IOException absent) {
            return Optional.empty();
        }
    }
}
