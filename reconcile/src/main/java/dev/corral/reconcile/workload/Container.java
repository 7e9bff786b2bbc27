package dev.corral.reconcile.workload;

import dev.corral.ByteSize;
import dev.corral.reconcile.NameRule;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A program of a pod: what to run, and within which bounds. Source: Kubernetes API, {@code Container}.
 *
 * @param name a DNS label, unique in its pod
 * @param command the program and its first arguments; may contain {@code $(NAME)}, and {@code $$} for a {@code $}
 * @param args further arguments, in the same form
 * @param env its environment besides the ports' variables, in order, names unique
 * @param workingDir an absolute path without NUL; empty for the JVM's own directory
 * @param ports what it listens on, names unique in the pod
 * @param resources what it needs, and the most it may use
 * @param readinessProbe whether it can take traffic; without one it can as soon as it runs
 */
public record Container(
        String name,
        List<String> command,
        List<String> args,
        List<EnvVar> env,
        Optional<String> workingDir,
        List<ContainerPort> ports,
        Resources resources,
        Optional<Probe> readinessProbe) {

    public Container {
        command = List.copyOf(command);
        args = List.copyOf(args);
        env = List.copyOf(env);
        ports = List.copyOf(ports);
    }

    /** A container without anything but a name; it needs a command before it can be applied. */
    public static Container named(String name) {
        return new Container(
                name,
                List.of(),
                List.of(),
                List.of(),
                Optional.empty(),
                List.of(),
                Resources.unlimited(),
                Optional.empty());
    }

    public Container command(List<String> command) {
        return new Container(name, command, args, env, workingDir, ports, resources, readinessProbe);
    }

    public Container command(String... command) {
        return command(List.of(command));
    }

    public Container args(String... args) {
        return new Container(name, command, List.of(args), env, workingDir, ports, resources, readinessProbe);
    }

    /** Sets a variable; one of the same name keeps its place. */
    public Container env(String variable, String value) {
        List<EnvVar> all = Copies.replacing(env, old -> old.name().equals(variable), new EnvVar(variable, value));
        return new Container(name, command, args, all, workingDir, ports, resources, readinessProbe);
    }

    public Container workingDir(Path directory) {
        Optional<String> text = Optional.of(directory.toString());
        return new Container(name, command, args, env, text, ports, resources, readinessProbe);
    }

    /** Adds a port that gets a free number, told as {@code PORT_<NAME>} and, if it is the first, as {@code PORT}. */
    public Container port(String port) {
        return port(new ContainerPort(port, Optional.empty()));
    }

    /** Adds a port with a number, 1 to 65535. */
    public Container port(String port, int number) {
        return port(new ContainerPort(port, Optional.of(number)));
    }

    private Container port(ContainerPort port) {
        List<ContainerPort> all = Copies.with(ports, port);
        return new Container(name, command, args, env, workingDir, all, resources, readinessProbe);
    }

    /** Limits the memory, such as {@code 256Mi}; swap is off then. */
    public Container memory(String most) {
        return limit("memory", Quantity.parse(most));
    }

    /** Limits the memory; swap is off then. */
    public Container memory(ByteSize most) {
        return limit("memory", Quantity.of(most));
    }

    /** Limits the CPU time in CPUs, such as {@code 500m} for half of one. */
    public Container cpu(String most) {
        return limit("cpu", Quantity.parse(most));
    }

    /** Limits the number of processes and threads. */
    public Container pids(int most) {
        return limit("pids", Quantity.of(most));
    }

    /** What the node must have left for it, such as {@code cpu} and {@code 500m}. */
    public Container request(String resource, String needed) {
        Resources requested = resources.request(resource, Quantity.parse(needed));
        return new Container(name, command, args, env, workingDir, ports, requested, readinessProbe);
    }

    private Container limit(String resource, Quantity most) {
        Resources limited = resources.limit(resource, most);
        return new Container(name, command, args, env, workingDir, ports, limited, readinessProbe);
    }

    public Container readiness(Probe probe) {
        return new Container(name, command, args, env, workingDir, ports, resources, Optional.of(probe));
    }

    /** The variables that tell the container its ports: {@code PORT} for the first, {@code PORT_<NAME>} for each. */
    Map<String, String> portVariables(Map<String, Integer> numbers) {
        Map<String, String> variables = Map.of();
        for (ContainerPort port : ports) {
            Integer number = numbers.get(port.name());
            if (number != null) {
                String text = Integer.toString(number);
                variables = port.equals(ports.get(0)) ? Copies.with(variables, "PORT", text) : variables;
                variables = Copies.with(variables, port.variable(), text);
            }
        }
        return variables;
    }

    void validate(Problems problems) {
        problems.at("name").rule(NameRule.DNS_LABEL, name);
        problems.at("command")
                .require(!command.isEmpty() && !command.get(0).isEmpty(), command, "it must name a program");
        problems.each("command", command, (text, here) -> here.text(text));
        problems.each("args", args, (text, here) -> here.text(text));
        problems.each("env", env, EnvVar::validate);
        problems.unique("env", env.stream().map(EnvVar::name).toList());
        workingDir.ifPresent(directory -> {
            problems.at("workingDir").text(directory);
            problems.at("workingDir").require(directory.startsWith("/"), directory, "it must be an absolute path");
        });
        problems.each("ports", ports, ContainerPort::validate);
        resources.validate(problems.at("resources"));
        readinessProbe.ifPresent(probe -> probe.validate(problems.at("readinessProbe"), this));
    }
}
