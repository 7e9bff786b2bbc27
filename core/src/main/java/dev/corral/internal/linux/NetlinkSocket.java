package dev.corral.internal.linux;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.time.Duration;
import java.util.Arrays;

/**
 * A socket to the kernel's routing tables: links, addresses, routes of the network namespace in which it was opened, whatever
 * thread uses it later. It belongs to one thread at a time. Source: netlink(7), rtnetlink(7).
 */
public final class NetlinkSocket implements AutoCloseable {
    private static final int AF_NETLINK = 16;
    private static final int SOCK_RAW = 3;
    private static final int SOCK_CLOEXEC = LibC.O_CLOEXEC;
    private static final int NETLINK_ROUTE = 0;
    private static final int SOL_SOCKET = 1;
    private static final int SO_RCVTIMEO = 20;
    private static final int SOL_NETLINK = 270;
    private static final int NETLINK_CAP_ACK = 10;
    private static final int NETLINK_EXT_ACK = 11;
    /** The kernel never fills more than this at once. */
    private static final int LARGEST_DATAGRAM = 64 * 1024;

    private final Fd socket;

    private NetlinkSocket(Fd socket) {
        this.socket = socket;
    }

    /** Opens one in the network namespace of the calling thread; an answer that takes longer than the limit is ETIMEDOUT. */
    public static NetlinkSocket open(Duration limit) {
        int fd = Raw.socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
        if (fd < 0) {
            throw new ErrnoException("socket(NETLINK_ROUTE)", "", Native.getLastError());
        }
        Fd socket = new Fd(fd);
        try (Memory time = new Memory(16);
                Memory on = new Memory(4)) {
            time.setLong(0, limit.toSeconds());
            time.setLong(8, limit.toNanosPart() / 1000);
            if (Raw.setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, time, 16) != 0) {
                throw new ErrnoException("setsockopt(SO_RCVTIMEO)", "", Native.getLastError());
            }
            on.setInt(0, 1);
            // Both only make errors easier to read: a kernel without them (before 4.12) still tells the code.
            Raw.setsockopt(fd, SOL_NETLINK, NETLINK_CAP_ACK, on, 4);
            Raw.setsockopt(fd, SOL_NETLINK, NETLINK_EXT_ACK, on, 4);
            return new NetlinkSocket(socket);
        } catch (RuntimeException | Error failed) {
            socket.close();
            throw failed;
        }
    }

    public void send(byte[] message) {
        while (Raw.send(socket.number(), message, (long) message.length, 0) < 0) {
            int errno = Native.getLastError();
            if (errno != Errno.EINTR) {
                throw new ErrnoException("send(NETLINK_ROUTE)", "", errno);
            }
        }
    }

    /** Waits for the next datagram, which holds one or more messages. */
    public byte[] receive() {
        byte[] buffer = new byte[LARGEST_DATAGRAM];
        while (true) {
            long n = Raw.recv(socket.number(), buffer, (long) buffer.length, 0);
            if (n >= 0) {
                return Arrays.copyOf(buffer, (int) n);
            }
            int errno = Native.getLastError();
            if (errno != Errno.EINTR) {
                throw new ErrnoException("recv(NETLINK_ROUTE)", "", errno == Errno.EAGAIN ? Errno.ETIMEDOUT : errno);
            }
        }
    }

    @Override
    public void close() {
        socket.close();
    }

    /** The functions of libc as they are. */
    private static final class Raw {
        static {
            NativePart.map(Raw.class);
        }

        private Raw() {}

        static native int socket(int domain, int type, int protocol);

        static native int setsockopt(int socket, int level, int option, Pointer value, int length);

        static native long send(int socket, byte[] message, long length, int flags);

        static native long recv(int socket, byte[] buffer, long length, int flags);
    }
}
