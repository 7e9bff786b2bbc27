package dev.corral.reconcile.workload;

/** Which system calls a program may make. Source: Kubernetes API, {@code SeccompProfile}. */
public enum SeccompProfile {
    /** All but those that no ordinary program needs and that endanger the host. */
    RUNTIME_DEFAULT,
    /** All. */
    UNCONFINED
}
