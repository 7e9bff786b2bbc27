package dev.corral;

/**
 * Something that isolates or limits a child: an immutable value that adds its part to the plan of each launch.
 *
 * <p>One value may be given to many commands and prepared by many threads at once. Anyone may write one; it needs nothing
 * but {@link Launch}.
 */
@FunctionalInterface
public interface Confinement {
    /**
     * Adds this confinement to one launch. What it creates on the way it hands to {@link Launch#own}, so that a launch that
     * fails later leaves nothing behind; an exception ends the launch and undoes what was owned so far.
     */
    void prepare(Launch launch);

    /**
     * The same as far as this host can: where it refuses, which is found out by a launch with this confinement alone that gets
     * no further than its program, a child goes without, and {@link Child#applied()} tells why. Where that launch fails because
     * descriptors, processes, memory or time are short just now, this one fails too.
     *
     * @param feature what it is called there
     */
    default Confinement bestEffort(String feature) {
        return launch -> {
            BestEffort here = new BestEffort();
            if (here.has(feature, toString(), this)) {
                prepare(launch);
            }
            launch.provide(here.applied());
        };
    }
}
