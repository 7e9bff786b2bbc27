package dev.corral.cgroups;

import java.nio.file.Path;

/** The sentences about who may make groups where. */
final class Delegation {
    private Delegation() {}

    static String why(Path directory, int owner, int user, boolean readOnly) {
        return readOnly
                ? directory + " is mounted read-only"
                : "uid " + user + " may not make groups in " + directory + ", owned by " + person(owner);
    }

    /** The three ways to get a subtree of one's own. */
    static String ways(int user) {
        return "to get a delegation, run the program as a systemd service with Delegate=yes,"
                + " start it in a scope of its own (systemd-run --user --scope -p Delegate=yes),"
                + " or let root make a group, chown it to uid " + user + " and start the program in it";
    }

    static String occupied(Path directory) {
        return "this process sits in " + directory
                + " itself, and a version 2 group that holds processes can't give controllers to groups below it;"
                + " Corral does not move the process out of the way";
    }

    private static String person(int uid) {
        return uid == 0 ? "root" : "uid " + uid;
    }
}
