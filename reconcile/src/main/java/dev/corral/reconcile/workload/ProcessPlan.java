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

    /** Replaces the variables of a container; its own may refer to the ports' and to those before them. */
    public static ProcessPlan of(Container container, Map<String, Integer> ports) {
        Map<String, String> variables = new LinkedHashMap<>(container.portVariables(ports));
        for (EnvVar own : container.env()) {
            variables.put(own.name(), Expansion.expand(own.value(), variables));
        }
        List<String> command = Stream.concat(container.command().stream(), container.args().stream())
                .map(text -> Expansion.expand(text, variables))
                .toList();
        return new ProcessPlan(command, variables, container.workingDir());
    }

    /** The same words with each {@code $(NAME)} of the environment replaced. */
    public List<String> expanded(List<String> words) {
        return words.stream().map(text -> Expansion.expand(text, env)).toList();
    }
}
