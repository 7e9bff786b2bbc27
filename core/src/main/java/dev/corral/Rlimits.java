package dev.corral;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * Limits of the kernel for one process, in place of those of the JVM; immutable. None is set unless asked for, but note that
 * a JVM raises its own soft {@link Rlimit#NOFILE}, and children inherit that.
 *
 * <p>A hard limit above the JVM's takes CAP_SYS_RESOURCE: without it the launch ends with {@link PrivilegeFailed},
 * unless {@link #bestEffort} is asked for.
 */
public final class Rlimits implements Confinement {
    private final Map<Rlimit, Rlimit.Value> values;

    private Rlimits(Map<Rlimit, Rlimit.Value> values) {
        this.values = Collections.unmodifiableMap(values);
    }

    /** No limit: each stays as the JVM has it. */
    public static Rlimits none() {
        return new Rlimits(new EnumMap<>(Rlimit.class));
    }

    /** With one more limit, the same soft and hard, in its unit. */
    public Rlimits with(Rlimit which, long value) {
        return with(which, value, value);
    }

    /** With one more limit. */
    public Rlimits with(Rlimit which, long soft, long hard) {
        Map<Rlimit, Rlimit.Value> more = new EnumMap<>(Rlimit.class);
        more.putAll(values);
        more.put(which, new Rlimit.Value(soft, hard));
        return new Rlimits(more);
    }

    /** What is set. */
    public Map<Rlimit, Rlimit.Value> values() {
        return values;
    }

    @Override
    public void prepare(Launch launch) {
        values.forEach(launch::rlimit);
    }

    /** The same without what this host refuses, one by one: {@link Child#applied()} tells what, and why. */
    public Confinement bestEffort() {
        return launch -> {
            BestEffort here = new BestEffort();
            values.forEach((which, value) -> {
                if (here.has("RLIMIT_" + which, value.toString(), one -> one.rlimit(which, value))) {
                    launch.rlimit(which, value);
                }
            });
            launch.provide(here.applied());
        };
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Rlimits that && values.equals(that.values);
    }

    @Override
    public int hashCode() {
        return values.hashCode();
    }

    @Override
    public String toString() {
        return "Rlimits" + values;
    }
}
