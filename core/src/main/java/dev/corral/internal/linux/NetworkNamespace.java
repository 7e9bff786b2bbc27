package dev.corral.internal.linux;

import com.sun.jna.Native;

/**
 * What a thread can do about its network namespace. Only a platform thread of one's own may change it, one that ends
 * afterwards: a pooled or virtual one would carry the change to whatever runs on it next. Source: setns(2), unshare(2).
 */
public final class NetworkNamespace {
    private static final int CLONE_NEWNET = 0x40000000;

    private NetworkNamespace() {}

    /** Moves the calling thread into the network namespace that a descriptor names. Needs CAP_SYS_ADMIN on both sides. */
    public static void enter(int namespace) {
        if (Raw.setns(namespace, CLONE_NEWNET) != 0) {
            throw new ErrnoException("setns(CLONE_NEWNET)", "", Native.getLastError());
        }
    }

    /** Moves the calling thread into a new network namespace. Needs CAP_SYS_ADMIN. */
    public static void unshare() {
        if (Raw.unshare(CLONE_NEWNET) != 0) {
            throw new ErrnoException("unshare(CLONE_NEWNET)", "", Native.getLastError());
        }
    }
}
