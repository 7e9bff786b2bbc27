package dev.corral.internal.linux;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.util.Optional;

/** The system calls about pairs of sockets that carry packets with descriptors. Source: unix(7), cmsg(3). */
public final class SocketCalls {
    private static final int AF_UNIX = 1;
    private static final int SOCK_SEQPACKET = 5;
    private static final int SOL_SOCKET = 1;
    private static final int SO_PASSCRED = 16;
    private static final int SCM_RIGHTS = 1;
    private static final int SCM_CREDENTIALS = 2;
    private static final int MSG_CMSG_CLOEXEC = 0x40000000;
    private static final int MSG_NOSIGNAL = 0x4000;
    private static final int MSG_DONTWAIT = 0x40;
    private static final int MSG_CTRUNC = 8;

    private SocketCalls() {}

    /** A close-on-exec pair of AF_UNIX SOCK_SEQPACKET sockets. */
    public static int[] socketPair() {
        int[] ends = new int[2];
        if (Raw.socketpair(AF_UNIX, SOCK_SEQPACKET | LibC.O_CLOEXEC, 0, ends) != 0) {
            throw new ErrnoException("socketpair", "", Native.getLastError());
        }
        return ends;
    }

    /** Lets {@link #receive} tell the sender's pid. Source: unix(7), SO_PASSCRED. */
    public static void passCredentials(int socket) {
        try (Memory on = new Memory(4)) {
            on.setInt(0, 1);
            if (Raw.setsockopt(socket, SOL_SOCKET, SO_PASSCRED, on, 4) != 0) {
                throw new ErrnoException("setsockopt(SO_PASSCRED)", "", Native.getLastError());
            }
        }
    }

    /** Sends one packet with up to 253 descriptors; it never raises SIGPIPE. */
    public static void send(int socket, byte[] packet, int[] descriptors) {
        int rights = 16 + 4 * descriptors.length;
        int space = descriptors.length == 0 ? 0 : align(rights);
        try (Memory data = new Memory(packet.length);
                Memory vector = new Memory(16);
                Memory control = new Memory(Math.max(space, 8));
                Memory header = new Memory(56)) {
            data.write(0, packet, 0, packet.length);
            vector.setPointer(0, data);
            vector.setLong(8, packet.length);
            header.clear();
            header.setPointer(16, vector);
            header.setLong(24, 1);
            if (space > 0) {
                control.clear();
                control.setLong(0, rights);
                control.setInt(8, SOL_SOCKET);
                control.setInt(12, SCM_RIGHTS);
                control.write(16, descriptors, 0, descriptors.length);
                header.setPointer(32, control);
                header.setLong(40, space);
            }
            while (Raw.sendmsg(socket, header, MSG_NOSIGNAL) < 0) {
                int errno = Native.getLastError();
                if (errno != Errno.EINTR) {
                    throw new ErrnoException("sendmsg", "", errno);
                }
            }
        }
    }

    /** Takes the next packet of at most 4096 bytes without waiting; empty when there is none. */
    public static Optional<Packet> receive(int socket) {
        try (Memory data = new Memory(4096);
                Memory vector = new Memory(16);
                Memory control = new Memory(1152);
                Memory header = new Memory(56)) {
            vector.setPointer(0, data);
            vector.setLong(8, 4096);
            header.clear();
            header.setPointer(16, vector);
            header.setLong(24, 1);
            header.setPointer(32, control);
            header.setLong(40, control.size());
            long n;
            while ((n = Raw.recvmsg(socket, header, MSG_CMSG_CLOEXEC | MSG_DONTWAIT)) < 0) {
                int errno = Native.getLastError();
                if (errno == Errno.EAGAIN) {
                    return Optional.empty();
                }
                // ECONNRESET comes once, when the peer died before it had read everything: what it said itself
                // still waits behind it, and then the end.
                if (errno != Errno.EINTR && errno != Errno.ECONNRESET) {
                    throw new ErrnoException("recvmsg", "", errno);
                }
            }
            int[] descriptors = {};
            int sender = 0;
            long end = header.getLong(40);
            for (long at = 0; at + 16 <= end; ) {
                long length = control.getLong(at);
                if (length < 16) {
                    break;
                }
                int type = control.getInt(at + 12);
                if (type == SCM_RIGHTS) {
                    descriptors = control.getIntArray(at + 16, (int) (length - 16) / 4);
                } else if (type == SCM_CREDENTIALS) {
                    sender = control.getInt(at + 16);
                }
                at += align(length);
            }
            boolean truncated = (header.getInt(48) & MSG_CTRUNC) != 0;
            return Optional.of(new Packet(data.getByteArray(0, (int) n), descriptors, sender, truncated));
        }
    }

    private static int align(long length) {
        return (int) ((length + 7) & ~7L);
    }

    /** The functions of libc as they are. */
    private static final class Raw {
        static {
            NativePart.map(Raw.class);
        }

        private Raw() {}

        static native int socketpair(int domain, int type, int protocol, int[] ends);

        static native int setsockopt(int socket, int level, int option, Pointer value, int length);

        static native long sendmsg(int socket, Pointer message, int flags);

        static native long recvmsg(int socket, Pointer message, int flags);
    }
}
