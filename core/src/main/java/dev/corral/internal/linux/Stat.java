package dev.corral.internal.linux;

/**
 * What the kernel says of a file. Source: statx(2).
 *
 * @param mode permission bits with set-user-ID, set-group-ID and sticky
 * @param size in bytes
 * @param device the file system it is on; with the inode it tells one file from another
 */
public record Stat(Type type, int mode, long size, long user, long group, long device, long inode) {
    /** The kinds of files; devices, pipes and sockets are all one here. */
    public enum Type {
        FILE,
        DIRECTORY,
        SYMLINK,
        SPECIAL
    }

    private static final int FORMAT = 0170000;

    static Type type(int mode) {
        return switch (mode & FORMAT) {
            case 0100000 -> Type.FILE;
            case 0040000 -> Type.DIRECTORY;
            case 0120000 -> Type.SYMLINK;
            default -> Type.SPECIAL;
        };
    }

    public boolean isDirectory() {
        return type == Type.DIRECTORY;
    }

    /** Whether both are of the same file. */
    public boolean isSameFile(Stat other) {
        return device == other.device && inode == other.inode;
    }
}
