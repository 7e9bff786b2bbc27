package dev.corral.reconcile.workload;

/** How far what is done after the start or before the end of a container has come. Without a hook it is done. */
public enum HookState {
    RUNNING,
    DONE,
    FAILED
}
