package dev.corral.privileges;

/**
 * Something that Landlock can take from a child, and (scopes apart) give back for a path or a port. Source: landlock(7),
 * {@code linux/landlock.h}.
 */
public enum LandlockRight {
    /** Execute a file. */
    EXECUTE(Kind.FILE, 0, 1),
    /** Open a file for writing. */
    WRITE_FILE(Kind.FILE, 1, 1),
    /** Open a file for reading. */
    READ_FILE(Kind.FILE, 2, 1),
    /** Open or list a directory. */
    READ_DIR(Kind.FILE, 3, 1),
    /** Remove or rename an empty directory inside a directory. */
    REMOVE_DIR(Kind.FILE, 4, 1),
    /** Remove or rename a file inside a directory. */
    REMOVE_FILE(Kind.FILE, 5, 1),
    /** Make a character device. */
    MAKE_CHAR(Kind.FILE, 6, 1),
    /** Make a directory. */
    MAKE_DIR(Kind.FILE, 7, 1),
    /** Make a regular file. */
    MAKE_REG(Kind.FILE, 8, 1),
    /** Make a socket. */
    MAKE_SOCK(Kind.FILE, 9, 1),
    /** Make a named pipe. */
    MAKE_FIFO(Kind.FILE, 10, 1),
    /** Make a block device. */
    MAKE_BLOCK(Kind.FILE, 11, 1),
    /** Make a symbolic link. */
    MAKE_SYM(Kind.FILE, 12, 1),
    /** Link or rename a file from one directory to another. The only one that kernels without it always deny. */
    REFER(Kind.FILE, 13, 2),
    /** Cut a file short. */
    TRUNCATE(Kind.FILE, 14, 3),
    /** Control a device opened by the child; what it was given open stays usable. */
    IOCTL_DEV(Kind.FILE, 15, 5),
    /** Bind a TCP socket to a port. */
    BIND_TCP(Kind.PORT, 0, 4),
    /** Connect a TCP socket to a port. */
    CONNECT_TCP(Kind.PORT, 1, 4),
    /** Connect to an abstract unix socket made outside. */
    ABSTRACT_UNIX_SOCKET(Kind.SCOPE, 0, 6),
    /** Send a signal to a process outside. */
    SIGNAL(Kind.SCOPE, 1, 6);

    enum Kind {
        FILE,
        PORT,
        SCOPE
    }

    private final Kind kind;
    private final int number;
    private final int abi;

    LandlockRight(Kind kind, int number, int abi) {
        this.kind = kind;
        this.number = number;
        this.abi = abi;
    }

    /** The version of the interface that brought it, 1 to 6: that of Linux 5.13, 5.19, 6.2, 6.7, 6.10 and 6.12. */
    public int abi() {
        return abi;
    }

    Kind kind() {
        return kind;
    }

    long bit() {
        return 1L << number;
    }
}
