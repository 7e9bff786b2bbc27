package dev.corral.cgroups;

import java.nio.file.Path;
import java.util.List;

/** The subtree in which this process may make groups, or why there is none. An immutable value. */
public sealed interface DelegatedRoot {
    /** One sentence for a person; where there is no such subtree it says how to get one. */
    String describe();

    default boolean ok() {
        return this instanceof Granted;
    }

    /** Who gave it, and whether the groups above it are anybody else's business. */
    enum Grant {
        /** It was named by the caller. */
        GIVEN("named by the caller"),
        /** systemd marked the unit as delegated. Source: systemd.resource-control(5), Delegate=. */
        SYSTEMD("delegated by systemd"),
        /** It is all that can be seen from the cgroup namespace, as in a container. */
        CONTAINER("all that this container has"),
        /** The directory belongs to this user. */
        OWNED("owned by this user"),
        /** This process is root, and everything is allowed; whoever made the group may not expect others in it. */
        ROOT("open to root");

        private final String words;

        Grant(String words) {
            this.words = words;
        }

        /** Whether processes in it may be moved about: it is this program's, not merely open to it. */
        public boolean isOwn() {
            return this != ROOT;
        }
    }

    /**
     * There is one.
     *
     * @param paths the same group in each hierarchy where groups can be made; never empty
     * @param grant why it may be used
     */
    record Granted(List<Path> paths, Grant grant) implements DelegatedRoot {
        public Granted {
            paths = List.copyOf(paths);
        }

        @Override
        public String describe() {
            return "groups can be made in " + paths + ", " + grant.words;
        }
    }

    /**
     * There is none.
     *
     * @param why what keeps this user from making groups
     * @param ways how to get one
     */
    record Missing(String why, String ways) implements DelegatedRoot {
        @Override
        public String describe() {
            return why + "; " + ways;
        }
    }
}
