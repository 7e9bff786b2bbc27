package dev.corral.cgroups;

import java.nio.file.Path;
import java.util.OptionalInt;

/** Whether a controller can be used here by this user, and why not otherwise. An immutable value. */
public sealed interface Availability {
    Controller controller();

    /** One sentence for a person, which says what to do where something can be done. */
    String describe();

    default boolean ok() {
        return this instanceof Available;
    }

    /**
     * Groups with this controller can be made.
     *
     * @param parent the directory they are made in
     */
    record Available(Controller controller, Path parent) implements Availability {
        @Override
        public String describe() {
            return controller + " can be limited, below " + parent;
        }
    }

    /**
     * The directory is there, and this user may not make groups in it.
     *
     * @param parent the directory of this process's own group
     * @param owner the uid that owns the directory
     * @param user the uid of this process
     * @param readOnly whether it is mounted read-only, as containers have it
     */
    record NotDelegated(Controller controller, Path parent, int owner, int user, boolean readOnly)
            implements Availability {
        @Override
        public String describe() {
            OptionalInt who = OptionalInt.of(owner);
            return controller + " cannot be limited: " + Delegation.why(parent, who, user, readOnly) + "; "
                    + Delegation.ways(user, who, readOnly);
        }
    }

    /**
     * Groups can be made there and limited, and no child of this process is born in them: the kernel wants the right to write the list
     * of processes of the nearest group above both. Source: cgroup-v2.rst, "Delegation Containment".
     *
     * @param parent the directory that groups can be made in
     * @param above the directory of the nearest group above both it and this process's own
     * @param owner the uid that owns the list there
     * @param user the uid of this process
     */
    record OutOfReach(Controller controller, Path parent, Path above, int owner, int user) implements Availability {
        @Override
        public String describe() {
            return controller + " cannot be limited: " + Delegation.outOfReach(parent, above, owner) + "; "
                    + Delegation.ways(user);
        }
    }

    /**
     * This process sits in the group itself, and a version 2 group that holds processes can't give its controllers to groups
     * below it.
     *
     * @param ways what to do: move out of the way, in a group that is this program's own, or how to get such a group
     */
    record Occupied(Controller controller, Path parent, String ways) implements Availability {
        @Override
        public String describe() {
            return controller + " cannot be limited: " + Delegation.occupied(parent) + "; " + ways;
        }
    }

    /** The controller of version 2 exists, and the groups above did not hand it down to this process's group. */
    record NotHandedDown(Controller controller, Path parent) implements Availability {
        @Override
        public String describe() {
            return controller + " cannot be limited: it is missing from " + parent.resolve("cgroup.controllers")
                    + ", the group above did not enable it in cgroup.subtree_control";
        }
    }

    /**
     * The hierarchy is mounted, and this process's group can't be seen in it.
     *
     * @param why such as "the group of this process was deleted"
     */
    record NotVisible(Controller controller, String why) implements Availability {
        @Override
        public String describe() {
            return controller + " cannot be limited: " + why;
        }
    }

    /** The kernel has the controller, and its hierarchy is not mounted here. */
    record NotMounted(Controller controller) implements Availability {
        @Override
        public String describe() {
            return controller
                    + " cannot be limited: the kernel has the controller, but no file system with it is mounted"
                    + " here";
        }
    }

    /** The kernel was built or booted without the controller. */
    record NotInKernel(Controller controller) implements Availability {
        @Override
        public String describe() {
            return controller + " cannot be limited: this kernel was built or booted without the controller";
        }
    }
}
