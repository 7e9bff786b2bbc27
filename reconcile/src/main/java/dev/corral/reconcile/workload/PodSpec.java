package dev.corral.reconcile.workload;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * What runs together as one pod. Source: Kubernetes API, {@code PodSpec}.
 *
 * @param containers at least one, names unique; all start at once
 * @param restartPolicy what happens when one has ended
 * @param terminationGracePeriod from the deletion of the pod until what still runs is killed, 0 or more
 */
public record PodSpec(List<Container> containers, RestartPolicy restartPolicy, Duration terminationGracePeriod) {
    public PodSpec {
        containers = List.copyOf(containers);
    }

    /** A pod without containers yet: restarted always, 30 s of grace. */
    public static PodSpec empty() {
        return new PodSpec(List.of(), RestartPolicy.ALWAYS, Duration.ofSeconds(30));
    }

    public PodSpec restartPolicy(RestartPolicy policy) {
        return new PodSpec(containers, policy, terminationGracePeriod);
    }

    public PodSpec terminationGracePeriod(Duration grace) {
        return new PodSpec(containers, restartPolicy, grace);
    }

    /** Edits the only container, named {@code main} if there was none; with several it is an IllegalArgumentException. */
    public PodSpec container(UnaryOperator<Container> edit) {
        if (containers.size() > 1) {
            throw new IllegalArgumentException("there are " + containers.size() + " containers, "
                    + containers.stream().map(Container::name).toList() + ": say which one to edit");
        }
        return container(containers.isEmpty() ? "main" : containers.get(0).name(), edit);
    }

    /** Edits the container of a name, adding it if absent. */
    public PodSpec container(String name, UnaryOperator<Container> edit) {
        Container old = containers.stream()
                .filter(container -> container.name().equals(name))
                .findFirst()
                .orElseGet(() -> Container.named(name));
        List<Container> all =
                Copies.replacing(new ArrayList<>(containers), any -> any.name().equals(name), edit.apply(old));
        return new PodSpec(all, restartPolicy, terminationGracePeriod);
    }

    /** As in Kubernetes the containers of a pod stay the same ones; what each of them is may change. */
    void validateChange(Problems problems, PodSpec before) {
        Set<String> names = names();
        problems.at("containers")
                .require(
                        names.equals(before.names()),
                        names,
                        "containers can't be added nor removed, it has " + before.names()
                                + ": delete the pod and apply it anew");
    }

    private Set<String> names() {
        return containers.stream().map(Container::name).collect(Collectors.toCollection(TreeSet::new));
    }

    void validate(Problems problems) {
        problems.at("containers").require(!containers.isEmpty(), containers, "a pod needs a container");
        problems.each("containers", containers, Container::validate);
        problems.unique("containers", containers.stream().map(Container::name).toList());
        Set<String> ports = new HashSet<>();
        problems.each(
                "containers",
                containers,
                (container, at) -> at.each(
                        "ports",
                        container.ports(),
                        (port, here) -> here.at("name")
                                .require(ports.add(port.name()), port.name(), "another port has this name")));
        problems.at("terminationGracePeriod")
                .require(!terminationGracePeriod.isNegative(), terminationGracePeriod, "it must be 0 or more");
    }
}
