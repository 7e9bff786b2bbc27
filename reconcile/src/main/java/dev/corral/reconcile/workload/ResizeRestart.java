package dev.corral.reconcile.workload;

/** What a change of a resource of a running container takes. Source: Kubernetes API, {@code ResourceResizeRestartPolicy}. */
public enum ResizeRestart {
    /** The new amount is set while it runs. */
    NOT_REQUIRED,
    /** It is started anew, since the program reads the amount only once. */
    RESTART_CONTAINER
}
