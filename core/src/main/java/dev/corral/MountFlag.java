package dev.corral;

/** A property of one mount. Source: mount(2), mount_setattr(2). */
public enum MountFlag {
    /** Nothing below it can be changed; for a bind this holds for all that is mounted below as well. */
    READ_ONLY(1),
    /** Set-user-ID bits and file capabilities have no effect. */
    NOSUID(2),
    /** Device files can't be opened. */
    NODEV(4),
    /** Nothing can be executed. */
    NOEXEC(8),
    /** A bind leaves out what is mounted below its source. The kernel refuses that where it would uncover something. */
    ALONE(16);

    private final int bit;

    MountFlag(int bit) {
        this.bit = bit;
    }

    int bit() {
        return bit;
    }
}
