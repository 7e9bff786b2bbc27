package dev.corral.reconcile.workload;

import dev.corral.ByteSize;
import dev.corral.internal.linux.FileNames;
import dev.corral.reconcile.NameRule;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

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
 * @param readinessProbe whether it can take traffic; without one it can as soon as it has started
 * @param livenessProbe whether it still works; it is ended once this has failed
 * @param startupProbe whether it has started; the two others wait for this, and it is ended once this has failed
 * @param lifecycle what is done after its start and before its end
 * @param restartPolicy in place of the pod's; an init container with {@link RestartPolicy#ALWAYS} is a sidecar
 * @param terminationMessagePath an absolute path, as the container sees it, of a file for its last words, in one of its volumes;
 *     empty for none
 * @param terminationMessagePolicy where its last words come from; empty for {@link TerminationMessagePolicy#FILE}
 * @param envFrom objects whose keys are variables too, before those of {@code env}; of the same name the last one counts
 * @param volumeMounts where it has which of the pod's volumes
 * @param securityContext who it runs as and what it may do
 * @param confines what Kubernetes has no word for of how it is confined; see there how it goes with the pod's
 * @param resizePolicy by the name of the resource, what a new amount takes; if not named, no restart
 */
public record Container(
        String name,
        List<String> command,
        List<String> args,
        List<EnvVar> env,
        Optional<String> workingDir,
        List<ContainerPort> ports,
        Resources resources,
        Optional<Probe> readinessProbe,
        Optional<Probe> livenessProbe,
        Optional<Probe> startupProbe,
        Optional<Lifecycle> lifecycle,
        Optional<RestartPolicy> restartPolicy,
        Optional<String> terminationMessagePath,
        Optional<TerminationMessagePolicy> terminationMessagePolicy,
        List<EnvFrom> envFrom,
        List<VolumeMount> volumeMounts,
        Optional<SecurityContext> securityContext,
        Optional<Confines> confines,
        Map<String, ResizeRestart> resizePolicy) {

    public Container {
        command = List.copyOf(command);
        args = List.copyOf(args);
        env = List.copyOf(env);
        ports = List.copyOf(ports);
        envFrom = List.copyOf(envFrom);
        volumeMounts = List.copyOf(volumeMounts);
        resizePolicy = Copies.sorted(resizePolicy);
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
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Map.of());
    }

    /** The program and its first arguments, in place of those before. */
    public Container command(List<String> command) {
        return with(fields -> fields.command = command);
    }

    /** The program and its first arguments, in place of those before. */
    public Container command(String... command) {
        return command(List.of(command));
    }

    /** The arguments behind those of the command, in place of those before. */
    public Container args(String... args) {
        return with(fields -> fields.args = List.of(args));
    }

    /** Sets a variable; one of the same name keeps its place. */
    public Container env(String variable, String value) {
        List<EnvVar> all = Copies.replacing(env, old -> old.name().equals(variable), new EnvVar(variable, value));
        return with(fields -> fields.env = all);
    }

    /** Sets a variable to what is found elsewhere when it starts. */
    public Container env(String variable, EnvSource source) {
        EnvVar found = new EnvVar(variable, "", Optional.of(source));
        List<EnvVar> all = Copies.replacing(env, old -> old.name().equals(variable), found);
        return with(fields -> fields.env = all);
    }

    /** Takes all keys of an object as variables. */
    public Container envFrom(EnvFrom.Source source) {
        return with(fields -> fields.envFrom = Copies.with(envFrom, new EnvFrom("", source)));
    }

    /** Has a volume of the pod at an absolute path. */
    public Container mount(String volume, String path) {
        return mount(new VolumeMount(volume, path));
    }

    public Container mount(VolumeMount mount) {
        return with(fields -> fields.volumeMounts = Copies.with(volumeMounts, mount));
    }

    /** The same with other resources. */
    public Container resources(Resources other) {
        return with(fields -> fields.resources = other);
    }

    /** Whether it becomes the other one without a start, if the runtime can do that: only resources differ, and none needs one. */
    public boolean resizesInto(Container other) {
        return resources(other.resources).equals(other)
                && resources.changed(other.resources).stream()
                        .noneMatch(resource -> resizePolicy.get(resource) == ResizeRestart.RESTART_CONTAINER);
    }

    /** Edits who it runs as and what it may do. */
    public Container securityContext(UnaryOperator<SecurityContext> edit) {
        SecurityContext edited = edit.apply(securityContext.orElseGet(SecurityContext::unset));
        return with(fields -> fields.securityContext = Optional.of(edited));
    }

    /** Edits how it is confined beyond what Kubernetes has words for. */
    public Container confines(UnaryOperator<Confines> edit) {
        Confines edited = edit.apply(confines.orElseGet(Confines::unset));
        return with(fields -> fields.confines = Optional.of(edited));
    }

    /** What a new amount of a resource takes. */
    public Container resizePolicy(String resource, ResizeRestart policy) {
        return with(fields -> fields.resizePolicy = Copies.with(resizePolicy, resource, policy));
    }

    public Container workingDir(Path directory) {
        return workingDir(FileNames.text(directory));
    }

    Container workingDir(String directory) {
        return with(fields -> fields.workingDir = Optional.of(directory));
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
        return with(fields -> fields.ports = Copies.with(ports, port));
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
        return with(fields -> fields.resources = resources.request(resource, Quantity.parse(needed)));
    }

    private Container limit(String resource, Quantity most) {
        return with(fields -> fields.resources = resources.limit(resource, most));
    }

    public Container readiness(Probe probe) {
        return with(fields -> fields.readinessProbe = Optional.of(probe));
    }

    public Container liveness(Probe probe) {
        return with(fields -> fields.livenessProbe = Optional.of(probe));
    }

    public Container startup(Probe probe) {
        return with(fields -> fields.startupProbe = Optional.of(probe));
    }

    /** Done once it runs; if it fails the container is killed. */
    public Container postStart(Lifecycle.Hook hook) {
        Optional<Lifecycle.Hook> preStop = lifecycle.flatMap(Lifecycle::preStop);
        return with(fields -> fields.lifecycle = Optional.of(new Lifecycle(Optional.of(hook), preStop)));
    }

    /** Done before it is asked to end, within the grace. */
    public Container preStop(Lifecycle.Hook hook) {
        Optional<Lifecycle.Hook> postStart = lifecycle.flatMap(Lifecycle::postStart);
        return with(fields -> fields.lifecycle = Optional.of(new Lifecycle(postStart, Optional.of(hook))));
    }

    /** In place of the pod's; {@link RestartPolicy#ALWAYS} makes an init container a sidecar. */
    public Container restartPolicy(RestartPolicy policy) {
        return with(fields -> fields.restartPolicy = Optional.of(policy));
    }

    /** A file for its last words, which stand in its status afterwards: the first 4096 bytes of what it wrote there. */
    public Container terminationMessagePath(Path file) {
        return with(fields -> fields.terminationMessagePath = Optional.of(FileNames.text(file)));
    }

    /** Where its last words come from. */
    public Container terminationMessagePolicy(TerminationMessagePolicy policy) {
        return with(fields -> fields.terminationMessagePolicy = Optional.of(policy));
    }

    /** Whether it is, as an init container, one that runs beside the main ones. */
    boolean restartsAlways() {
        return restartPolicy.equals(Optional.of(RestartPolicy.ALWAYS));
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

    /** @param grace the pod's */
    void validate(Problems problems, Duration grace) {
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
        readinessProbe.ifPresent(probe -> probe.validateReadiness(problems.at("readinessProbe"), this));
        problems.each("envFrom", envFrom, EnvFrom::validate);
        problems.at("resizePolicy")
                .require(
                        Set.of("cpu", "memory", "pids").containsAll(resizePolicy.keySet()),
                        resizePolicy.keySet(),
                        "unknown resource; known are cpu, memory and pids");
        livenessProbe.ifPresent(probe -> probe.validateFatal(problems.at("livenessProbe"), this));
        startupProbe.ifPresent(probe -> probe.validateFatal(problems.at("startupProbe"), this));
        lifecycle.ifPresent(hooks -> hooks.validate(problems.at("lifecycle"), this, grace));
        terminationMessagePath.ifPresent(file -> {
            problems.at("terminationMessagePath").text(file);
        });
    }

    /** Checks an init container. One that has to end before the next begins is neither asked anything nor told of its end. */
    void validateInit(Problems problems, Duration grace) {
        validate(problems, grace);
        if (!restartsAlways()) {
            String hint = "an init container has none unless its restart policy is ALWAYS";
            problems.at("readinessProbe").require(readinessProbe.isEmpty(), handler(readinessProbe), hint);
            problems.at("livenessProbe").require(livenessProbe.isEmpty(), handler(livenessProbe), hint);
            problems.at("startupProbe").require(startupProbe.isEmpty(), handler(startupProbe), hint);
            problems.at("lifecycle").require(lifecycle.isEmpty(), lifecycle.orElseGet(Lifecycle::none), hint);
        }
    }

    private static Object handler(Optional<Probe> probe) {
        return probe.<Object>map(Probe::handler).orElse("");
    }

    /** Checks what depends on its pod. */
    void validateIn(PodSpec pod, Problems problems) {
        terminationMessagePath.ifPresent(file -> problems.at("terminationMessagePath")
                .require(
                        volumeMounts.stream()
                                .anyMatch(mount -> !mount.readOnly()
                                        && mount.subPath().isEmpty()
                                        && isBelow(file, mount.mountPath())),
                        file,
                        "it must lie in a volume that the container mounts whole and may write to"));
        problems.each("volumeMounts", volumeMounts, (mount, here) -> mount.validate(here, pod));
        Set<String> paths = new HashSet<>();
        problems.each(
                "volumeMounts",
                volumeMounts,
                (mount, here) -> here.at("mountPath")
                        .require(paths.add(mount.mountPath()), mount.mountPath(), "another mount is there"));
        securityContext.ifPresent(context -> context.validate(
                problems.at("securityContext"), pod.securityContext().orElseGet(PodSecurityContext::unset)));
        Confines.validate(pod, this, problems);
        reachable(pod, problems);
    }

    /** Probes and hooks over the network come from the host's, and reach no other one. */
    private void reachable(PodSpec pod, Problems problems) {
        if (Sharing.of(pod, this).get(NamespaceKind.NET) == Sharing.HOST) {
            return;
        }
        unreachable(readinessProbe.map(Probe::handler), problems.at("readinessProbe"));
        unreachable(livenessProbe.map(Probe::handler), problems.at("livenessProbe"));
        unreachable(startupProbe.map(Probe::handler), problems.at("startupProbe"));
        unreachable(lifecycle.flatMap(Lifecycle::postStart), problems.at("lifecycle.postStart"));
        unreachable(lifecycle.flatMap(Lifecycle::preStop), problems.at("lifecycle.preStop"));
    }

    private static void unreachable(Optional<?> handler, Problems here) {
        handler.ifPresent(asked -> here.require(
                !(asked instanceof Probe.HttpGet) && !(asked instanceof Probe.TcpSocket),
                asked,
                "the pod has a network of its own, which can't be reached from outside: use a command"));
    }

    private static boolean isBelow(String file, String directory) {
        return file.startsWith(directory.endsWith("/") ? directory : directory + "/");
    }

    private Container with(Consumer<Fields> change) {
        Fields fields = new Fields(this);
        change.accept(fields);
        return fields.container();
    }

    /** A copy that can be changed, so that each change names its field only. */
    private static final class Fields {
        final String name;
        List<String> command;
        List<String> args;
        List<EnvVar> env;
        Optional<String> workingDir;
        List<ContainerPort> ports;
        Resources resources;
        Optional<Probe> readinessProbe;
        Optional<Probe> livenessProbe;
        Optional<Probe> startupProbe;
        Optional<Lifecycle> lifecycle;
        Optional<RestartPolicy> restartPolicy;
        Optional<String> terminationMessagePath;
        Optional<TerminationMessagePolicy> terminationMessagePolicy;
        List<EnvFrom> envFrom;
        List<VolumeMount> volumeMounts;
        Optional<SecurityContext> securityContext;
        Optional<Confines> confines;
        Map<String, ResizeRestart> resizePolicy;

        Fields(Container container) {
            name = container.name;
            command = container.command;
            args = container.args;
            env = container.env;
            workingDir = container.workingDir;
            ports = container.ports;
            resources = container.resources;
            readinessProbe = container.readinessProbe;
            livenessProbe = container.livenessProbe;
            startupProbe = container.startupProbe;
            lifecycle = container.lifecycle;
            restartPolicy = container.restartPolicy;
            terminationMessagePath = container.terminationMessagePath;
            terminationMessagePolicy = container.terminationMessagePolicy;
            envFrom = container.envFrom;
            volumeMounts = container.volumeMounts;
            securityContext = container.securityContext;
            confines = container.confines;
            resizePolicy = container.resizePolicy;
        }

        Container container() {
            return new Container(
                    name,
                    command,
                    args,
                    env,
                    workingDir,
                    ports,
                    resources,
                    readinessProbe,
                    livenessProbe,
                    startupProbe,
                    lifecycle,
                    restartPolicy,
                    terminationMessagePath,
                    terminationMessagePolicy,
                    envFrom,
                    volumeMounts,
                    securityContext,
                    confines,
                    resizePolicy);
        }
    }
}
