package dev.corral.cgroups;

import dev.corral.internal.linux.ErrnoException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/** Who may make groups where: the sentences about it, and giving it to others. */
final class Delegation {
    /** What every kernel of version 2 lets a delegate write; newer ones list them. */
    static final List<String> V2_FILES = List.of("cgroup.procs", "cgroup.threads", "cgroup.subtree_control");

    private static final List<String> V1_FILES = List.of("cgroup.procs", "tasks", "cgroup.clone_children");

    private Delegation() {}

    static String why(Path directory, OptionalInt owner, int user, boolean readOnly) {
        return why(List.of(directory), owner, user, readOnly);
    }

    /** The same of several that are alike. */
    static String why(List<Path> directories, OptionalInt owner, int user, boolean readOnly) {
        String all = directories.stream().map(Path::toString).collect(Collectors.joining(", "));
        return readOnly
                ? all + (directories.size() == 1 ? " is" : " are") + " mounted read-only"
                : "uid " + user + " may not make groups in " + all + ", owned by " + person(owner);
    }

    /** The three ways to get a subtree of one's own. */
    static String ways(int user) {
        return "to get a delegation, run the program as a systemd service with Delegate=yes,"
                + (user == 0
                        ? " start it in a scope of its own (systemd-run --scope -p Delegate=yes),"
                                + " or make a group, start the program in it and name it with within(..)"
                        : " start it in a scope of its own (systemd-run --user --scope -p Delegate=yes),"
                                + " or let root make a group, chown it to uid " + user
                                + " and start the program in it");
    }

    /** What to do about a directory in which groups can't be made. */
    static String ways(int user, OptionalInt owner, boolean readOnly) {
        if (readOnly) {
            return "have it mounted writable, which in a container is up to whoever runs that, or do without limits: bestEffort()";
        }
        return user == 0 && owner.orElse(0) != 0 // which would not keep root of the host out
                ? "as root of a user namespace only: let root of the host make a group, chown it to the user who is root"
                        + " here and start the program in it"
                : ways(user);
    }

    /**
     * What to do where the program sits in the way of its own groups.
     *
     * @param own whether the group is the program's, so that its processes may be moved about
     */
    static String outOfTheWay(boolean own, int user) {
        return own ? "Cgroups.detect().supervised() moves it when asked" : ways(user);
    }

    static String outOfReach(Path parent, Path above, int owner) {
        return "groups can be made in " + parent + ", but a child is born in one only with the right to write "
                + above.resolve("cgroup.procs") + ", owned by " + person(OptionalInt.of(owner));
    }

    static String occupied(Path directory) {
        return "this process sits in " + directory
                + " itself, and a version 2 group that holds processes can't give controllers to groups below it;"
                + " Corral does not move the process out of the way by itself";
    }

    /**
     * Gives a group to another user.
     *
     * @param names the files that may be given, as the kernel lists them; for version 2
     */
    static List<Path> give(GroupDirectory group, List<String> names, long user, long owningGroup) {
        Tree tree = group.host().tree();
        List<Path> given = new ArrayList<>();
        try {
            for (String name : group.hierarchy().unified() ? names : V1_FILES) {
                Path file = group.path().resolve(name);
                if (group.exists(name)) {
                    tree.chown(file, user, owningGroup);
                    given.add(file);
                }
            }
            // the directory last: who owns it can make groups in it at once
            tree.chown(group.path(), user, owningGroup);
            given.add(0, group.path());
            return given;
        } catch (ErrnoException e) {
            Failure failure =
                    Failure.of("give", group.path() + " to uid " + user).errno(e);
            throw group.refusal().notDelegated(group.path(), failure, e);
        }
    }

    /** Whoever owns a file; its directory may not let this user look, or have vanished. */
    static String person(OptionalInt uid) {
        if (uid.isEmpty()) {
            return "somebody who can't be told";
        }
        return uid.getAsInt() == 0 ? "root" : "uid " + uid.getAsInt();
    }
}
