package dev.corral.namespaces;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A namespace and who is in it, at the time it was listed; immutable.
 *
 * @param namespace its kind and number
 * @param processes how many of the processes that the JVM may look into are in it, 0 or more; a process counts where its first
 *     thread is
 * @param first the one of them with the lowest pid; empty if there is none
 * @param paths where bind mounts keep it, as far as the JVM's mount namespace shows them; empty as a rule
 * @param parent of a user or pid namespace; empty for other kinds, for the first of all, and where the kernel does not tell
 * @param owner the user namespace whose privileges count in it; empty for the first user namespace, and where the kernel does
 *     not tell
 * @param ownerUser who made a user namespace, as the JVM sees the id; empty for other kinds, and where the kernel does not tell
 */
public record NamespaceInfo(
        Namespace namespace,
        int processes,
        Optional<First> first,
        List<Path> paths,
        Optional<Namespace> parent,
        Optional<Namespace> owner,
        Optional<Long> ownerUser) {
    public NamespaceInfo {
        paths = List.copyOf(paths);
    }

    /**
     * The process with the lowest pid in a namespace.
     *
     * @param pid as the JVM sees it
     * @param uid its effective user id, as the JVM sees it
     * @param user the first name that /etc/passwd has for the id
     * @param command its arguments with blanks between them, or its name if it has none; anything may stand there, control
     *     characters included
     */
    public record First(long pid, long uid, Optional<String> user, String command) {
        /** Such as {@code pid 4711 (alice) sleep 60}, control characters as question marks. */
        @Override
        public String toString() {
            return "pid " + pid + " (" + user.orElse(Long.toString(uid)) + ") " + command.replaceAll("\\p{Cntrl}", "?");
        }
    }

    /** Its kind. */
    public NamespaceType type() {
        return namespace.type();
    }

    /** Such as {@code net:[4026532289] 2 processes, pid 4711 (alice) sleep 60}. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(namespace.toString());
        text.append(processes == 1 ? " 1 process" : " " + processes + " processes");
        first.ifPresent(process -> text.append(", ").append(process));
        paths.forEach(path -> text.append(", kept at ").append(path));
        return text.toString();
    }
}
