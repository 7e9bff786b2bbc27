package dev.corral;

import java.util.Optional;

/** Something that works on one host and not on the other. {@link Capabilities} tells. */
public enum Feature {
    /** A child at all. */
    LAUNCH("start of a child"),
    /** A user namespace in which the child is root. */
    USER_NAMESPACE("user namespace"),
    /** A mount namespace, in a user namespace of its own. */
    MNT_NAMESPACE("mnt namespace"),
    /** A pid namespace with an init, in a user namespace of its own. */
    PID_NAMESPACE("pid namespace"),
    /** A network namespace with its loopback device up, in a user namespace of its own. */
    NET_NAMESPACE("net namespace"),
    /** A uts namespace with a host name, in a user namespace of its own. */
    UTS_NAMESPACE("uts namespace"),
    /** An ipc namespace, in a user namespace of its own. */
    IPC_NAMESPACE("ipc namespace"),
    /** A cgroup namespace, in a user namespace of its own. */
    CGROUP_NAMESPACE("cgroup namespace"),
    /** A time namespace, in a user namespace of its own. */
    TIME_NAMESPACE("time namespace"),
    /** Namespaces of the host's user namespace: a mount namespace without a user namespace of its own. */
    NAMESPACES_WITHOUT_USER("namespaces without a user namespace"),
    /** A /proc of the new pid namespace. */
    PROC("its own /proc"),
    /** A file tree of its own: an empty root with binds of the host's. */
    ROOT("its own root"),
    /** The small /dev of such a tree, with terminals. */
    DEV("its own /dev"),
    /** A sysfs in such a tree. */
    SYSFS("sysfs"),
    /** An overlay with changes in memory. */
    OVERLAY("overlay file systems"),
    /** A terminal of its own as standard streams, on the host's /dev. */
    TERMINAL("terminals"),
    /** Becoming another user of the host. */
    OTHER_USERS("other users of the host"),
    /** A session keyring of its own. */
    KEYRING("session keyrings"),
    /** A seccomp filter. */
    SECCOMP("seccomp filters"),
    /** Landlock rules for files. */
    LANDLOCK("Landlock"),
    /** Landlock rules for TCP ports: Linux 6.7. */
    LANDLOCK_NETWORK("Landlock for TCP"),
    /** Landlock scopes of signals and abstract sockets: Linux 6.12. */
    LANDLOCK_SCOPES("Landlock scopes"),
    /** A lower nice value than the JVM's. */
    RAISED_PRIORITY("raised priority"),
    /** A lower oom_score_adj than the JVM's. */
    LOWERED_OOM_SCORE("lowered oom_score_adj");

    private final String text;

    Feature(String text) {
        this.text = text;
    }

    /** A few words for people. */
    public String text() {
        return text;
    }

    /** What it can't work without, so that the reason is told rather than what follows from it. */
    Optional<Feature> base() {
        return switch (this) {
            case LAUNCH -> Optional.empty();
            case MNT_NAMESPACE,
                    PID_NAMESPACE,
                    NET_NAMESPACE,
                    UTS_NAMESPACE,
                    IPC_NAMESPACE,
                    CGROUP_NAMESPACE,
                    TIME_NAMESPACE -> Optional.of(USER_NAMESPACE);
            case PROC, ROOT, OVERLAY, SYSFS -> Optional.of(MNT_NAMESPACE);
            case DEV -> Optional.of(ROOT);
            case LANDLOCK_NETWORK, LANDLOCK_SCOPES -> Optional.of(LANDLOCK);
            default -> Optional.of(LAUNCH);
        };
    }
}
