package dev.corral.internal.linux;

import com.sun.jna.Native;
import com.sun.jna.Pointer;

/** The functions of libc as they are, for {@link LibC} alone. */
final class Raw {
    static {
        Native.register(Raw.class, "c");
    }

    private Raw() {}

    static native int open(byte[] path, int flags, int mode);

    static native int openat(int directory, byte[] path, int flags, int mode);

    static native int close(int fd);

    static native long lseek(int fd, long offset, int whence);

    static native int fallocate(int fd, int mode, long offset, long length);

    static native int kill(int pid, int signal);

    static native int capget(int[] header, int[] data);

    static native long read(int fd, byte[] buffer, long length);

    static native long pread(int fd, byte[] buffer, long length, long offset);

    // An address is as wide as a long on both machines.

    static native long pread(int fd, long address, long length, long offset);

    static native long write(int fd, long address, long length);

    static native int openat(int directory, long path, int flags, int mode);

    static native int mkdir(long path, int mode);

    static native int rmdir(long path);

    static native int setxattr(long path, long name, long value, long length, int flags);

    static native int statx(int directory, long path, int flags, int mask, long buffer);

    static native long write(int fd, byte[] buffer, long length);

    static native int mkdir(byte[] path, int mode);

    static native int statfs(byte[] path, Pointer buffer);

    static native long getxattr(byte[] path, byte[] name, byte[] value, long length);

    static native int pipe2(int[] ends, int flags);

    static native int ioctl(int fd, long request, int[] argument);

    static native int fchown(int fd, int user, int group);

    static native int fcntl(int fd, int command, long argument);

    static native int memfd_create(byte[] name, int flags);

    static native int getpagesize();

    static native int geteuid();

    static native int getegid();

    static native int posix_spawn_file_actions_init(Pointer actions);

    static native int posix_spawn_file_actions_destroy(Pointer actions);

    static native int posix_spawn_file_actions_adddup2(Pointer actions, int from, int to);

    static native int posix_spawnattr_init(Pointer attributes);

    static native int posix_spawnattr_destroy(Pointer attributes);

    static native int posix_spawnattr_setflags(Pointer attributes, short flags);

    static native int posix_spawnattr_setsigmask(Pointer attributes, Pointer set);

    static native int posix_spawnattr_setsigdefault(Pointer attributes, Pointer set);

    static native int posix_spawn(
            Pointer pid, byte[] path, Pointer actions, Pointer attributes, Pointer argv, Pointer envp);

    static native int sigemptyset(Pointer set);

    static native int wait4(int pid, Pointer status, int options, Pointer usage);

    static native int waitid(int kind, int id, Pointer information, int options);

    static native long syscall(long number, long a, long b, long c, long d);

    static native int poll(Pointer fds, long count, int timeout);

    static native int epoll_create1(int flags);

    static native int epoll_ctl(int epoll, int operation, int fd, Pointer event);

    static native int epoll_wait(int epoll, Pointer events, int capacity, int timeout);

    static native int eventfd(int initial, int flags);

    static native int inotify_init1(int flags);

    static native int inotify_add_watch(int inotify, byte[] path, int mask);

    static native int inotify_rm_watch(int inotify, int watch);

    static native int timerfd_create(int clock, int flags);

    static native int timerfd_settime(int fd, int flags, long[] value, Pointer old);

    static native int socketpair(int domain, int type, int protocol, int[] ends);

    static native int setsockopt(int socket, int level, int option, Pointer value, int length);

    static native long sendmsg(int socket, Pointer message, int flags);

    static native long recvmsg(int socket, Pointer message, int flags);

    static native int socket(int domain, int type, int protocol);

    static native long send(int socket, byte[] message, long length, int flags);

    static native long recv(int socket, byte[] buffer, long length, int flags);

    static native int setns(int fd, int type);

    static native int unshare(int flags);

    static native int mount(byte[] source, byte[] target, Pointer type, long flags, Pointer data);

    static native int umount2(byte[] target, int flags);

    static native int sethostname(byte[] name, long length);

    static native int fstatfs(int fd, Pointer buffer);

    static native int statx(int directory, byte[] path, int flags, int mask, Pointer buffer);

    static native int mkdirat(int directory, byte[] name, int mode);

    static native int unlinkat(int directory, byte[] name, int flags);

    static native int symlinkat(byte[] text, int directory, byte[] name);

    static native int linkat(int from, byte[] existing, int to, byte[] name, int flags);

    static native int renameat(int from, byte[] name, int to, byte[] newName);

    static native long readlinkat(int directory, byte[] name, byte[] buffer, long length);

    static native int fchmod(int fd, int mode);

    static native int fchownat(int directory, byte[] name, int user, int group, int flags);

    static native int utimensat(int directory, byte[] name, long[] times, int flags);

    static native long sendfile(int to, int from, long offset, long count);

    static native int setfsuid(int user);

    static native int setfsgid(int group);

    static native long syscall(long number, long directory, byte[] path, Pointer how, long size);

    static native long syscall(long number, long directory, byte[] path, long flags, long mask, Pointer buffer);

    static native long syscall(long number, long fd, Pointer buffer, long length);
}
