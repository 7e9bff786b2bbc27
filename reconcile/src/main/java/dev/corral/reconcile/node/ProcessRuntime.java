package dev.corral.reconcile.node;

import dev.corral.Child;
import dev.corral.Command;
import dev.corral.Environment;
import dev.corral.Requirement;
import dev.corral.Stdio;
import dev.corral.cgroups.Limits;
import dev.corral.namespaces.Isolation;
import dev.corral.namespaces.NamespaceType;
import dev.corral.reconcile.workload.Container;
import dev.corral.reconcile.workload.ContainerPort;
import dev.corral.reconcile.workload.ContainerRuntime;
import dev.corral.reconcile.workload.ProcessPlan;
import dev.corral.reconcile.workload.Quantity;
import dev.corral.reconcile.workload.Resources;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * Runs containers as child processes of this JVM, each in a control group and in namespaces of its own; only the network is
 * the host's. A container sees the variables {@code PATH}, {@code HOME} and {@code LANG} of the JVM, {@code HOSTNAME}, its
 * ports and its own.
 */
public final class ProcessRuntime implements ContainerRuntime {
    private final LoopbackPorts ports = new LoopbackPorts();
    private final Executor executor;
    private final Requirement limits;

    /**
     * A runtime that starts nothing yet.
     *
     * @param executor runs one task for each container, which takes what it writes
     * @param limits what to do about a limit that this host can't enforce
     */
    public ProcessRuntime(Executor executor, Requirement limits) {
        this.executor = executor;
        this.limits = limits;
    }

    @Override
    public Run start(Order order) {
        Container container = order.container();
        Map<String, Integer> numbers = new LinkedHashMap<>();
        try {
            for (ContainerPort port : container.ports()) {
                numbers.put(port.name(), port.containerPort().orElseGet(ports::take));
            }
            Child child = command(order.identity(), container, numbers).start();
            return owning(child, () -> new ProcessRun(child, numbers, () -> giveBack(container, numbers), executor));
        } catch (RuntimeException | Error failed) {
            giveBack(container, numbers);
            throw failed;
        }
    }

    private static Run owning(Child child, Supplier<Run> run) {
        try {
            return run.get();
        } catch (RuntimeException | Error failed) {
            child.close();
            throw failed;
        }
    }

    private Command command(Identity identity, Container container, Map<String, Integer> numbers) {
        ProcessPlan plan = ProcessPlan.of(container, numbers);
        Command command = Command.of(plan.command())
                .environment(Environment.empty().inheriting("PATH", "HOME", "LANG"))
                .env("HOSTNAME", identity.hostname())
                .input(Stdio.nothing())
                .errorIntoOutput()
                .with(Isolation.full().without(NamespaceType.NET).hostname(identity.hostname()));
        for (Map.Entry<String, String> variable : plan.env().entrySet()) {
            command = command.env(variable.getKey(), variable.getValue());
        }
        if (plan.workingDir().isPresent()) {
            command = command.directory(Path.of(plan.workingDir().get()));
        }
        return container.resources().equals(Resources.unlimited())
                ? command
                : command.with(limits(container.resources()).named(identity.pod() + "-" + identity.container()));
    }

    private Limits limits(Resources resources) {
        Limits all = limits == Requirement.BEST_EFFORT ? Limits.none().bestEffort() : Limits.none();
        if (resources.memory().isPresent()) {
            all = all.memory(resources.memory().map(Quantity::bytes).get());
        }
        if (resources.cpu().isPresent()) {
            all = all.cpus(resources.cpu().get().value().doubleValue());
        }
        if (resources.pids().isPresent()) {
            all = all.pids(resources.pids().get().roundedUp().intValueExact());
        }
        return all;
    }

    private void giveBack(Container container, Map<String, Integer> numbers) {
        container.ports().stream()
                .filter(port -> port.containerPort().isEmpty())
                .map(port -> numbers.get(port.name()))
                .filter(number -> number != null)
                .forEach(ports::giveBack);
    }
}
