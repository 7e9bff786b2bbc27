package dev.corral.reconcile.workload;

import java.util.Locale;
import java.util.Optional;

/**
 * A port that a container listens on. Source: Kubernetes API, {@code ContainerPort}.
 *
 * @param name at most 15 of a-z, 0-9 and '-'
 * @param containerPort 1 to 65535; empty for a free port on loopback, another one at each start
 */
public record ContainerPort(String name, Optional<Integer> containerPort) {
    /** The variable that tells the container this port: {@code PORT_} and the name in capitals, {@code -} as {@code _}. */
    public String variable() {
        return "PORT_" + name.toUpperCase(Locale.ROOT).replace('-', '_');
    }

    void validate(Problems problems) {
        problems.at("name").require(Names.isPortName(name), name, Names.PORT_HINT);
        problems.at("containerPort")
                .require(
                        containerPort.map(port -> port >= 1 && port <= 65535).orElse(true),
                        containerPort.orElse(0),
                        "it must be between 1 and 65535");
    }
}
