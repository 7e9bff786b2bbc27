package dev.corral.reconcile.workload;

/** How the pods of one template are replaced by those of the next. Source: Kubernetes API, {@code DeploymentStrategy}. */
public sealed interface DeploymentStrategy permits RollingUpdate, Recreate {
    /** How many pods more than wanted there may be. */
    int surge(int replicas);

    /** How many of the wanted pods may be missing. */
    int unavailable(int replicas);
}
