package dev.corral.privileges;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** One of the privileges that the kernel has cut root's power into. Source: capabilities(7), {@code linux/capability.h}. */
public enum Capability {
    /** Change the owner of any file. */
    CAP_CHOWN(0),
    /** Ignore the permissions of files. */
    CAP_DAC_OVERRIDE(1),
    /** Read any file and search any directory; open by handle. */
    CAP_DAC_READ_SEARCH(2),
    /** What is kept for the owner of a file. */
    CAP_FOWNER(3),
    /** Keep set-user-id and set-group-id bits when a file changes. */
    CAP_FSETID(4),
    /** Send signals to anybody. */
    CAP_KILL(5),
    /** Take any group id, change supplementary groups. */
    CAP_SETGID(6),
    /** Take any user id. */
    CAP_SETUID(7),
    /** Drop from the bounding set, add to the inheritable set. */
    CAP_SETPCAP(8),
    /** Set the immutable and append-only flags. */
    CAP_LINUX_IMMUTABLE(9),
    /** Bind ports below 1024. */
    CAP_NET_BIND_SERVICE(10),
    /** Unused by the kernel. */
    CAP_NET_BROADCAST(11),
    /** Devices, addresses, routes, firewall. */
    CAP_NET_ADMIN(12),
    /** Raw and packet sockets. */
    CAP_NET_RAW(13),
    /** Lock memory beyond the limit. */
    CAP_IPC_LOCK(14),
    /** Ignore the permissions of System V IPC objects. */
    CAP_IPC_OWNER(15),
    /** Load kernel modules. */
    CAP_SYS_MODULE(16),
    /** Input and output ports, /dev/mem. */
    CAP_SYS_RAWIO(17),
    /** Change the root directory, enter mount namespaces. */
    CAP_SYS_CHROOT(18),
    /** Trace any process and read its memory. */
    CAP_SYS_PTRACE(19),
    /** Switch process accounting. */
    CAP_SYS_PACCT(20),
    /** Mounts, namespaces and much else: nearly root. */
    CAP_SYS_ADMIN(21),
    /** Reboot, load another kernel. */
    CAP_SYS_BOOT(22),
    /** Raise priorities, real-time scheduling, affinity of others. */
    CAP_SYS_NICE(23),
    /** Raise hard limits, ignore quotas. */
    CAP_SYS_RESOURCE(24),
    /** Set the clock. */
    CAP_SYS_TIME(25),
    /** Configure terminals, hang them up. */
    CAP_SYS_TTY_CONFIG(26),
    /** Make device nodes. */
    CAP_MKNOD(27),
    /** Leases on any file. */
    CAP_LEASE(28),
    /** Write records to the audit log. */
    CAP_AUDIT_WRITE(29),
    /** Configure auditing. */
    CAP_AUDIT_CONTROL(30),
    /** Give capabilities to files; map user 0 into a user namespace. */
    CAP_SETFCAP(31),
    /** Override mandatory access control (Smack). */
    CAP_MAC_OVERRIDE(32),
    /** Configure mandatory access control (Smack). */
    CAP_MAC_ADMIN(33),
    /** Read the kernel's log and its addresses. */
    CAP_SYSLOG(34),
    /** Timers that wake the system. */
    CAP_WAKE_ALARM(35),
    /** Keep the system from suspending. */
    CAP_BLOCK_SUSPEND(36),
    /** Read the audit log. */
    CAP_AUDIT_READ(37),
    /** Performance monitoring. Since Linux 5.8, before that part of CAP_SYS_ADMIN. */
    CAP_PERFMON(38),
    /** BPF programs and maps. Since Linux 5.8, before that part of CAP_SYS_ADMIN. */
    CAP_BPF(39),
    /** Checkpoint and restore. Since Linux 5.9, before that part of CAP_SYS_ADMIN. */
    CAP_CHECKPOINT_RESTORE(40);

    private final int number;

    Capability(int number) {
        this.number = number;
    }

    /** The kernel's number, 0 to 40: the bit in the masks of {@code /proc/PID/status}. */
    public int number() {
        return number;
    }

    /** The mask with just this one's bit. */
    long bit() {
        return 1L << number;
    }

    /** By name in any case, with or without {@code CAP_}; empty for a name this library does not know. */
    public static Optional<Capability> of(String name) {
        String upper = name.toUpperCase(Locale.ROOT);
        String full = upper.startsWith("CAP_") ? upper : "CAP_" + upper;
        return Arrays.stream(values())
                .filter(capability -> capability.name().equals(full))
                .findAny();
    }
}
