package dev.corral.privileges;

import dev.corral.Confinement;
import dev.corral.Launch;

/**
 * The five capability sets with which a program starts; immutable.
 *
 * <p>The launcher drops from the bounding set, changes the ids, and then sets the others; the program sees what exec makes
 * of them. A program that runs as user 0 keeps the permitted ones that are in the bounding set too. Any other program
 * keeps those of the ambient set only: {@link #acrossExec}.
 *
 * <p>A capability counts in the user namespace of the child: one of its own, as {@code Isolation} gives, makes it harmless
 * to the host. Source: capabilities(7).
 *
 * @param bounding what exec may give at most
 * @param permitted what the program may make effective
 * @param effective what is checked by the kernel
 * @param inheritable what exec hands on to programs whose files ask for it
 * @param ambient what exec hands on to any program
 */
public record Privileges(
        CapabilitySet bounding,
        CapabilitySet permitted,
        CapabilitySet effective,
        CapabilitySet inheritable,
        CapabilitySet ambient)
        implements Confinement {

    /**
     * Refuses with an IllegalArgumentException what the kernel would: effective must lie within permitted, inheritable within
     * bounding, ambient within permitted and inheritable. Permitted must lie within bounding, because exec takes away the
     * rest without a word.
     */
    public Privileges {
        within("permitted", permitted, "bounding", bounding);
        within("effective", effective, "permitted", permitted);
        within("inheritable", inheritable, "bounding", bounding);
        within("ambient", ambient, "permitted", permitted);
        within("ambient", ambient, "inheritable", inheritable);
    }

    /** No capability at all: all five sets are empty. */
    public static Privileges none() {
        CapabilitySet empty = CapabilitySet.none();
        return new Privileges(empty, empty, empty, empty, empty);
    }

    /** These in the bounding, permitted and effective sets: what a program that runs as user 0 keeps. */
    public static Privileges of(CapabilitySet capabilities) {
        CapabilitySet empty = CapabilitySet.none();
        return new Privileges(capabilities, capabilities, capabilities, empty, empty);
    }

    /** These in the bounding, permitted and effective sets: what a program that runs as user 0 keeps. */
    public static Privileges of(Capability first, Capability... more) {
        return of(CapabilitySet.of(first, more));
    }

    /** Also for a program that does not run as user 0: the permitted capabilities become inheritable and ambient too. */
    public Privileges acrossExec() {
        return new Privileges(bounding, permitted, effective, permitted, permitted);
    }

    /** With this bounding set; it must hold the permitted and the inheritable one. */
    public Privileges bounding(CapabilitySet capabilities) {
        return new Privileges(capabilities, permitted, effective, inheritable, ambient);
    }

    /** With this permitted set; it must lie within the bounding one, and hold the effective and the ambient one. */
    public Privileges permitted(CapabilitySet capabilities) {
        return new Privileges(bounding, capabilities, effective, inheritable, ambient);
    }

    /** With this effective set; it must lie within the permitted one. */
    public Privileges effective(CapabilitySet capabilities) {
        return new Privileges(bounding, permitted, capabilities, inheritable, ambient);
    }

    /** With this inheritable set; it must lie within the bounding one, and hold the ambient one. */
    public Privileges inheritable(CapabilitySet capabilities) {
        return new Privileges(bounding, permitted, effective, capabilities, ambient);
    }

    /** With this ambient set; it must lie within the permitted and the inheritable one. */
    public Privileges ambient(CapabilitySet capabilities) {
        return new Privileges(bounding, permitted, effective, inheritable, capabilities);
    }

    @Override
    public void prepare(Launch launch) {
        launch.capabilities(bounding.mask(), permitted.mask(), effective.mask(), inheritable.mask(), ambient.mask());
    }

    /**
     * The same as far as the JVM can give it: {@link dev.corral.Child#applied()} tells which capabilities are lacking, and
     * whether the bounding set had to be left as it is. In a user namespace of its own a child lacks nothing.
     */
    public Confinement bestEffort() {
        return launch -> launch.atLast(() -> {
            Attainment here =
                    launch.isInUserNamespace() ? Attainment.all(this) : Attainment.of(this, Held.byTheLauncher());
            launch.provide(here.applied());
            here.privileges().prepare(launch);
        });
    }

    private static void within(String name, CapabilitySet set, String limit, CapabilitySet most) {
        if (!most.containsAll(set)) {
            throw new IllegalArgumentException("the " + name + " set has " + set.minus(most) + ", which the " + limit
                    + " set (" + most + ") lacks: it must lie within it");
        }
    }
}
