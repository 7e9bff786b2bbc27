package dev.corral.reconcile.workload;

/** A part of the system of which a container may have its own view. Source: namespaces(7). */
public enum NamespaceKind {
    /** Mounts: the file tree. */
    MNT,
    /** Processes. */
    PID,
    /** Network devices, addresses and ports. */
    NET,
    /** Shared memory and message queues. */
    IPC,
    /** The host name. */
    UTS,
    /** Users and groups. */
    USER,
    /** Control groups. */
    CGROUP
}
