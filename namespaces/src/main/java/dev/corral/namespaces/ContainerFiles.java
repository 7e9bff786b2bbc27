package dev.corral.namespaces;

import dev.corral.ByteSize;
import dev.corral.Child;
import dev.corral.internal.linux.Directory;
import dev.corral.internal.linux.Errno;
import dev.corral.internal.linux.ErrnoException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The files of a running child, to be copied in and out; immutable.
 *
 * <p>A path inside is absolute and means what it means to the child: links on the way are followed within its tree, and
 * nothing the child does to its files meanwhile makes a copy read or write outside of it. The last component is never
 * followed, nor is a link below it, on either side: links are copied as links. What stands where a file or link is to go is
 * replaced at once, when the copy is complete; directories are filled. Permission bits are copied, without set-user-ID and
 * set-group-ID; what is made inside belongs to root inside, what is made outside to the JVM's user. A file is copied as long
 * as it is when its turn comes; the kernel's own files, as in /proc, have no length.
 *
 * <p>Inside it is done with the rights of root inside over its own files, whatever the JVM may do: what root inside can't
 * read isn't copied out. It takes no program inside, and works while the child's own runs; before that, in a child that is
 * only created, for a JVM that is root. An ordinary user needs a child whose root is that user, as it is by default.
 */
public final class ContainerFiles {
    private static final ByteSize UNBOUNDED = ByteSize.bytes(Long.MAX_VALUE);

    private final Child child;
    private final ByteSize most;

    private ContainerFiles(Child child, ByteSize most) {
        this.child = child;
        this.most = most;
    }

    /** The files of a child, with no bound to what one copy may have. */
    public static ContainerFiles of(Child child) {
        return new ContainerFiles(child, UNBOUNDED);
    }

    /**
     * With a bound on the content of one copy; without one, a child can make a copy out of it fill the disk. A file with
     * holes counts as long as it seems.
     */
    public ContainerFiles atMost(ByteSize bytes) {
        return new ContainerFiles(child, bytes);
    }

    /**
     * Copies a file, link or directory of the JVM's into the child.
     *
     * @param host what is copied
     * @param inside what the copy is called; its directory has to be there
     * @throws CopyFailed if a step failed, the child has ended, or there is more than the bound
     */
    public Copied copyIn(Path host, Path inside) {
        return copy(host, inside, true);
    }

    /**
     * Copies a file, link or directory out of the child.
     *
     * @param inside what is copied
     * @param host what the copy is called; its directory has to be there
     * @throws CopyFailed if a step failed, the child has ended, or there is more than the bound
     */
    public Copied copyOut(Path inside, Path host) {
        return copy(host, inside, false);
    }

    private Copied copy(Path host, Path inside, boolean in) {
        Path outer = host.toAbsolutePath().normalize();
        Path inner = Mount.checked(inside);
        Side.parent(outer);
        Side.parent(inner);
        String what = in
                ? "can't copy " + outer + " to " + inner + " of "
                : "can't copy to " + outer + " from " + inner + " of ";
        try {
            return InsideRights.of(child).call(rights -> {
                try (Side outside = Side.outside(outer);
                        Side within = rights.as(() -> Side.inside(root(), inner, rights))) {
                    TreeCopy copy = in ? new TreeCopy(outside, within, most) : new TreeCopy(within, outside, most);
                    return copy.run(in ? outer : inner, in ? inner : outer);
                }
            });
        } catch (ErrnoException failed) {
            throw new CopyFailed(what + child + ": " + failed.getMessage() + hint(failed, outer, inner, in), failed);
        } catch (CopyFailed failed) {
            throw new CopyFailed(what + child + ": " + failed.getMessage(), failed);
        }
    }

    /**
     * The child's root, held open. The pid may have come to somebody else before it was opened: if afterwards it is still the
     * child's, it was then.
     */
    private Directory root() {
        long payload = child.payloadPid();
        Directory root;
        try {
            root = Directory.open(Path.of("/proc/" + payload + "/root"));
        } catch (ErrnoException failed) {
            if (failed.errno() == Errno.ENOENT) {
                throw gone(failed);
            }
            throw failed;
        }
        if (!isRunning(payload)) {
            root.close();
            throw gone(null);
        }
        return root;
    }

    private boolean isRunning(long payload) {
        try {
            ProcessHandle direct = child.toHandle();
            return payload == direct.pid()
                    ? child.isAlive()
                    : ProcessHandle.of(payload).flatMap(ProcessHandle::parent).equals(Optional.of(direct));
        } catch (IllegalStateException ended) {
            return false;
        }
    }

    private static CopyFailed gone(@Nullable Throwable cause) {
        return new CopyFailed("its program has ended", cause);
    }

    private static String hint(ErrnoException failed, Path outer, Path inner, boolean in) {
        return switch (failed.errno()) {
            case Errno.ENOENT -> absent(failed.subject(), in ? outer : inner, in ? inner : outer, in);
            case Errno.EOVERFLOW -> "; root inside is a user that this JVM can't act as";
            case Errno.EROFS -> in ? "; it is read-only for the child" : "";
            case Errno.EISDIR, Errno.ENOTDIR, Errno.EEXIST -> "; something of another kind is there";
            case Errno.EBUSY -> "; something is mounted there";
            case Errno.EACCES ->
                "; it takes the rights of root inside, and of the JVM's user outside: others' files are out of reach";
            default -> "";
        };
    }

    private static String absent(String subject, Path source, Path target, boolean in) {
        if (subject.equals(source.toString())
                || subject.equals(Side.parent(source).toString())) {
            return "; there is nothing of this name " + (in ? "on the host" : "in the child");
        }
        return subject.equals(Side.parent(target).toString())
                ? "; the directory for the copy has to be there " + (in ? "in the child" : "on the host")
                : "";
    }
}
