package dev.corral.reconcile.workload;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a program may do beyond the rights of its user, within namespaces of its own. Source: Kubernetes API, {@code Capabilities}.
 *
 * @param add names such as {@code NET_ADMIN}, or {@code ALL}
 * @param drop names, or {@code ALL}: it is dropped before anything is added
 */
public record ContainerCapabilities(List<String> add, List<String> drop) {
    private static final String ALL = "ALL";

    /** All that there are. Source: capabilities(7). */
    private static final Set<String> KNOWN = Set.of(
            "AUDIT_CONTROL",
            "AUDIT_READ",
            "AUDIT_WRITE",
            "BLOCK_SUSPEND",
            "BPF",
            "CHECKPOINT_RESTORE",
            "CHOWN",
            "DAC_OVERRIDE",
            "DAC_READ_SEARCH",
            "FOWNER",
            "FSETID",
            "IPC_LOCK",
            "IPC_OWNER",
            "KILL",
            "LEASE",
            "LINUX_IMMUTABLE",
            "MAC_ADMIN",
            "MAC_OVERRIDE",
            "MKNOD",
            "NET_ADMIN",
            "NET_BIND_SERVICE",
            "NET_BROADCAST",
            "NET_RAW",
            "PERFMON",
            "SETFCAP",
            "SETGID",
            "SETPCAP",
            "SETUID",
            "SYSLOG",
            "SYS_ADMIN",
            "SYS_BOOT",
            "SYS_CHROOT",
            "SYS_MODULE",
            "SYS_NICE",
            "SYS_PACCT",
            "SYS_PTRACE",
            "SYS_RAWIO",
            "SYS_RESOURCE",
            "SYS_TIME",
            "SYS_TTY_CONFIG",
            "WAKE_ALARM");

    /** What container runtimes leave to a program when nothing is said. Source: containerd, {@code oci.WithDefaultSpec}. */
    private static final Set<String> USUAL = Set.of(
            "AUDIT_WRITE",
            "CHOWN",
            "DAC_OVERRIDE",
            "FOWNER",
            "FSETID",
            "KILL",
            "MKNOD",
            "NET_BIND_SERVICE",
            "NET_RAW",
            "SETFCAP",
            "SETGID",
            "SETPCAP",
            "SETUID",
            "SYS_CHROOT");

    public ContainerCapabilities {
        add = List.copyOf(add);
        drop = List.copyOf(drop);
    }

    /** The usual ones, none more, none less. */
    public static ContainerCapabilities usual() {
        return new ContainerCapabilities(List.of(), List.of());
    }

    public ContainerCapabilities add(String... names) {
        return new ContainerCapabilities(List.of(names), drop);
    }

    public ContainerCapabilities drop(String... names) {
        return new ContainerCapabilities(add, List.of(names));
    }

    /** The names of what it has: the usual ones, less what is dropped, and what is added. */
    public Set<String> effective() {
        Set<String> all = new TreeSet<>(drop.contains(ALL) ? Set.of() : USUAL);
        drop.forEach(all::remove);
        all.addAll(add.contains(ALL) ? KNOWN : Set.copyOf(add));
        return all;
    }

    void validate(Problems problems) {
        problems.each("add", add, ContainerCapabilities::name);
        problems.each("drop", drop, ContainerCapabilities::name);
    }

    private static void name(String name, Problems here) {
        here.require(
                name.equals(ALL) || KNOWN.contains(name),
                name,
                "it must be ALL or a capability of Linux without CAP_, such as NET_ADMIN");
    }
}
