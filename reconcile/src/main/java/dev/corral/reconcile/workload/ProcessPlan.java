package dev.corral.reconcile.workload;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a container is started as, once its ports have numbers: nothing is left to be replaced.
 *
 * @param command the program and its arguments
 * @param env the variables to add to the environment: ports first, then the container's own
 */
public record ProcessPlan(List<String> command, Map<String, String> env, Optional<String> workingDir) {
    public ProcessPlan {
        command = List.copyOf(command);
        env = Collections.unmodifiableMap(new LinkedHashMap<>(env));
    }

    /** The same without the variables that come from other objects. */
    public static ProcessPlan of(Container container, Map<String, Integer> ports) {
        ContainerRuntime.Identity nobody = new ContainerRuntime.Identity("", "", container.name(), 0);
        return of(ContainerRuntime.Order.of(nobody, container), ports);
    }

    /** Replaces the variables of a container; its own may refer to the ports' and to those before them. */
    public static ProcessPlan of(ContainerRuntime.Order order, Map<String, Integer> ports) {
        Container container = order.container();
        Map<String, String> variables = new LinkedHashMap<>(container.portVariables(ports));
        for (EnvFrom from : container.envFrom()) {
            order.contents().data(from.source()).forEach((key, value) -> {
                if (isVariable(from.prefix() + key)) {
                    variables.put(from.prefix() + key, value.text());
                }
            });
        }
        for (EnvVar own : container.env()) {
            if (own.valueFrom().isEmpty()) {
                variables.put(own.name(), Expansion.expand(own.value(), variables));
            } else {
                order.contents()
                        .value(own.valueFrom().get(), order.identity(), order.pod())
                        .ifPresent(value -> variables.put(own.name(), value));
            }
        }
        List<String> command = Stream.concat(container.command().stream(), container.args().stream())
                .map(text -> Expansion.expand(text, variables))
                .toList();
        return new ProcessPlan(command, variables, container.workingDir());
    }

    /** Keys that are no names of variables are left out, as in Kubernetes. */
    private static boolean isVariable(String name) {
        return name.matches("[-._a-zA-Z][-._a-zA-Z0-9]*");
    }

    /** The same words with each {@code $(NAME)} of the environment replaced. */
    public List<String> expanded(List<String> words) {
        return words.stream().map(text -> Expansion.expand(text, env)).toList();
    }
}
