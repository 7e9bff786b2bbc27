package dev.corral.reconcile.workload;

/** All old pods are ended before the first new one is started: never two versions at a time, but a gap between them. */
public record Recreate() implements DeploymentStrategy {
    @Override
    public int surge(int replicas) {
        return 0;
    }

    @Override
    public int unavailable(int replicas) {
        return 0;
    }
}
