package dev.corral;

import java.util.Arrays;
import java.util.List;

/**
 * Who a program runs as: numbers, as its user namespace counts them. Without one it is root of a new user namespace, or
 * whoever the JVM is.
 *
 * @param user real, effective and saved user id, 0 to 2<sup>32</sup>−2
 * @param group real, effective and saved group id
 * @param groups supplementary groups, exactly these. Where an ordinary user maps only the own group the kernel allows none
 */
public record Identity(long user, long group, List<Long> groups) implements Confinement {
    private static final long LIMIT = 0xffff_fffeL;

    public Identity {
        groups = List.copyOf(groups);
        check("user", user);
        check("group", group);
        groups.forEach(id -> check("supplementary group", id));
    }

    /** Without supplementary groups. */
    public static Identity of(long user, long group) {
        return new Identity(user, group, List.of());
    }

    /** With exactly these supplementary groups. */
    public Identity groups(long... ids) {
        return new Identity(user, group, Arrays.stream(ids).boxed().toList());
    }

    @Override
    public void prepare(Launch launch) {
        launch.identity(this);
    }

    private static void check(String what, long id) {
        if (id < 0 || id > LIMIT) {
            throw new IllegalArgumentException(what + " id " + id + ": ids lie between 0 and " + LIMIT);
        }
    }
}
