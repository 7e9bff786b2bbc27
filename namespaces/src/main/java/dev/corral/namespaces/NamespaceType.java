package dev.corral.namespaces;

import java.util.Arrays;
import java.util.Optional;

/** A kind of namespace. Source: namespaces(7). */
public enum NamespaceType {
    /** User and group ids, capabilities. */
    USER("user"),
    /** Mount points. */
    MNT("mnt"),
    /** Process ids. */
    PID("pid"),
    /** Network devices, addresses, ports. */
    NET("net"),
    /** Host name and domain name. */
    UTS("uts"),
    /** System V IPC objects and POSIX message queues. */
    IPC("ipc"),
    /** The root of the visible control groups. */
    CGROUP("cgroup");

    private final String kernelName;

    NamespaceType(String kernelName) {
        this.kernelName = kernelName;
    }

    /** The name of the file in {@code /proc/PID/ns}. */
    public String kernelName() {
        return kernelName;
    }

    static Optional<NamespaceType> of(String kernelName) {
        return Arrays.stream(values())
                .filter(type -> type.kernelName.equals(kernelName))
                .findAny();
    }
}
