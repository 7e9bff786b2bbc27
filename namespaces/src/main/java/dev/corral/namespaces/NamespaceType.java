package dev.corral.namespaces;

import dev.corral.internal.linux.NamespaceCalls;
import java.util.Arrays;
import java.util.Optional;

/** A kind of namespace. Source: namespaces(7). */
public enum NamespaceType {
    /** User and group ids, capabilities. */
    USER("user", NamespaceCalls.CLONE_NEWUSER),
    /** Mount points. */
    MNT("mnt", NamespaceCalls.CLONE_NEWNS),
    /** Process ids. */
    PID("pid", NamespaceCalls.CLONE_NEWPID),
    /** Network devices, addresses, ports. */
    NET("net", NamespaceCalls.CLONE_NEWNET),
    /** Host name and domain name. */
    UTS("uts", NamespaceCalls.CLONE_NEWUTS),
    /** System V IPC objects and POSIX message queues. */
    IPC("ipc", NamespaceCalls.CLONE_NEWIPC),
    /** The root of the visible control groups. */
    CGROUP("cgroup", NamespaceCalls.CLONE_NEWCGROUP),
    /** Offsets of the monotonic and the boot-time clock. Linux 5.6 and later. Source: time_namespaces(7). */
    TIME("time", NamespaceCalls.CLONE_NEWTIME);

    private final String kernelName;
    private final int flag;

    NamespaceType(String kernelName, int flag) {
        this.kernelName = kernelName;
        this.flag = flag;
    }

    /** The name of the file in {@code /proc/PID/ns}. */
    public String kernelName() {
        return kernelName;
    }

    /** The CLONE_NEW constant of clone(2) and setns(2). */
    int flag() {
        return flag;
    }

    static Optional<NamespaceType> of(String kernelName) {
        return Arrays.stream(values())
                .filter(type -> type.kernelName.equals(kernelName))
                .findAny();
    }

    static Optional<NamespaceType> of(int flag) {
        return Arrays.stream(values()).filter(type -> type.flag == flag).findAny();
    }
}
