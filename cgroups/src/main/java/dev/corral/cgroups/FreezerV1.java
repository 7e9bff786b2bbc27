package dev.corral.cgroups;

import java.util.Optional;

/**
 * The freezer of version 1. {@link Cgroup#freeze} waits until all stand still, and thaws when they don't; here are the files.
 * Source: cgroup-v1/freezer-subsystem.rst.
 */
public final class FreezerV1 extends ControllerFiles {
    private static final String STATE = "freezer.state";

    /** What the group is. */
    public enum State {
        THAWED,
        /** Some of its processes still run; to ask for it again may help. */
        FREEZING,
        FROZEN
    }

    FreezerV1(GroupDirectory group) {
        super(group);
    }

    @Override
    public String name() {
        return "freezer";
    }

    /** What {@code freezer.state} says: also of a group that stands still because one above does. */
    public State state() {
        String text = text(STATE);
        try {
            return State.valueOf(text);
        } catch (IllegalArgumentException e) {
            throw group.unreadable(STATE, text);
        }
    }

    /**
     * Asks for it, and does not wait; what it came to at once.
     *
     * @throws HoldsThisJvm if this JVM is in the group or in one below
     */
    public State freeze() {
        group.requireAlive("write", STATE);
        group.spareThisJvm("freeze");
        group.write(STATE, State.FROZEN.name());
        return state();
    }

    /** Lets its processes go on, unless a group above is frozen; what it came to. */
    public State thaw() {
        group.requireAlive("write", STATE);
        group.write(STATE, State.THAWED.name());
        return state();
    }

    /** Whether it was frozen by itself; empty before Linux 3.14. */
    public Optional<Boolean> selfFreezing() {
        return flag("freezer.self_freezing");
    }

    /** Whether a group above is frozen, and this one with it; empty before Linux 3.14. */
    public Optional<Boolean> parentFreezing() {
        return flag("freezer.parent_freezing");
    }
}
