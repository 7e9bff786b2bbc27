package dev.corral.cgroups;

import dev.corral.Applied;
import java.util.Locale;
import java.util.Optional;

/**
 * The pressure files of a version 2 group: how long its processes stood still for want of something. Source: psi.rst.
 */
public final class Psi extends ControllerFiles {
    private static final String SWITCH = "cgroup.pressure";

    /** What processes wait for. */
    public enum Resource {
        CPU,
        MEMORY,
        IO,
        /** Interrupts; has no {@code some} line. Linux 6.1, and only with a build option. */
        IRQ;

        String file() {
            return name().toLowerCase(Locale.ROOT) + ".pressure";
        }
    }

    Psi(GroupDirectory group) {
        super(group);
    }

    @Override
    public String name() {
        return "pressure";
    }

    /** Whether the kernel keeps the figures of this group; empty before Linux 6.1, where it always does. */
    public Optional<Boolean> enabled() {
        return flag(SWITCH);
    }

    /** Sets {@code cgroup.pressure}; while it is off the pressure files are hidden, and cost nothing. */
    public Applied.Entry enabled(boolean on) {
        return flag(SWITCH, on);
    }

    /** The file of one resource. */
    public RawFile file(Resource resource) {
        return file(resource.file());
    }

    /** Whether there are figures, and why not; never throws for it. */
    public Optional<String> whyNot(Resource resource) {
        if (file(resource).exists()) {
            return Optional.empty();
        }
        return Optional.of(
                enabled().orElse(true)
                        ? "this kernel keeps no such figures, or was booted without them (psi=1)"
                        : SWITCH + " is 0 in " + path());
    }
}
