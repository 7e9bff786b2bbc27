package dev.corral.reconcile.workload;

/** What has to be at a path of the host before it is mounted. Source: Kubernetes API, {@code HostPathType}. */
public enum HostPathType {
    /** Anything. */
    UNSET,
    /** A directory; an empty one is made if there is nothing, and stays. */
    DIRECTORY_OR_CREATE,
    DIRECTORY,
    /** A regular file; an empty one is made if there is nothing, and stays. */
    FILE_OR_CREATE,
    FILE,
    SOCKET,
    CHAR_DEVICE,
    BLOCK_DEVICE
}
