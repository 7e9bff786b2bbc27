package dev.corral.cgroups;

/** A group on a host with both versions: limits sit in version 1, and a twin in the version 2 tree kills at once and is born into. */
public final class HybridCgroup extends Cgroup {
    HybridCgroup(Cgroups host, GroupMaker.Made made, int ownProcesses, Closing closing) {
        super(host, made, ownProcesses, closing);
    }
}
