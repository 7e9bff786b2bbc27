package dev.corral.reconcile.workload;

import java.util.Locale;
import java.util.Optional;

/** What a container is asked. */
public enum ProbeKind {
    /** Whether it has started; the others wait for this. */
    STARTUP,
    /** Whether it still works. */
    LIVENESS,
    /** Whether it can take traffic. */
    READINESS;

    /** How a container is asked this; empty if it isn't. */
    public Optional<Probe> of(Container container) {
        return switch (this) {
            case STARTUP -> container.startupProbe();
            case LIVENESS -> container.livenessProbe();
            case READINESS -> container.readinessProbe();
        };
    }

    /** As in {@code liveness}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
