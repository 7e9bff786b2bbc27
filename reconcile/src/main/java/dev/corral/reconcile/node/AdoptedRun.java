package dev.corral.reconcile.node;

import dev.corral.Adopted;
import dev.corral.Command;
import dev.corral.Signal;
import dev.corral.Stdio;
import dev.corral.cgroups.Cgroup;
import dev.corral.internal.linux.FileNames;
import dev.corral.namespaces.Namespaces;
import dev.corral.reconcile.workload.ContainerRuntime;
import dev.corral.reconcile.workload.Resized;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * A container that a JVM before this one has started. Nothing of it is read before {@link #begin}; until then it can be let go
 * without a trace.
 */
final class AdoptedRun implements PodHome.Evictable {
    private final Adopted process;
    private final RunRecord record;
    private final Parts parts;
    private final Executor executor;
    private final Drain drain = new Drain();
    private final Eviction eviction = new Eviction();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final CompletableFuture<Void> released = new CompletableFuture<>();

    /**
     * What a run is made of besides its process.
     *
     * @param output what it writes; closed with it
     * @param lines begins where that goes
     * @param group its control group; empty if it has none
     * @param rights what a command in it may do
     * @param end how it ended, once it has
     * @param release is done with its end once nothing is left of it
     */
    record Parts(
            GrowingFile output,
            Supplier<LineLog> lines,
            Optional<Cgroup> group,
            LiveLimits limits,
            Rights rights,
            Supplier<ContainerRuntime.Ended> end,
            Consumer<ContainerRuntime.Ended> release) {}

    AdoptedRun(Adopted process, RunRecord record, Parts parts, Executor executor) {
        this.process = process;
        this.record = record;
        this.parts = parts;
        this.executor = executor;
    }

    /** Begins to take what it writes; once only. */
    void begin() {
        drain.begin(parts.output, parts.lines.get(), executor);
        CompletableFuture<Void> unused = process.onExit().thenRun(parts.output::end);
    }

    /** Gives back what this JVM holds of it, and leaves it running: somebody may take it over again. */
    void letGo() {
        if (closed.compareAndSet(false, true)) {
            parts.output.close();
            process.close();
            released.complete(null);
        }
    }

    @Override
    public Map<String, Integer> ports() {
        return record.ports();
    }

    @Override
    public List<String> dropped() {
        return record.dropped();
    }

    @Override
    public CompletableFuture<ContainerRuntime.Ended> exited() {
        return process.onExit().handle((ended, letGo) -> eviction.told(parts.end.get()));
    }

    @Override
    public void evict(String message) {
        eviction.because(message);
        process.signal(Signal.KILL);
    }

    @Override
    public String output() {
        return drain.text();
    }

    @Override
    public ContainerRuntime.Executed exec(List<String> command, Duration timeout) throws InterruptedException {
        Command inside = inside(command).input(Stdio.nothing()).errorIntoOutput();
        return Execution.of(inside.start(), timeout, executor);
    }

    @Override
    public Process exec(List<String> command) {
        return inside(command).start();
    }

    /** In its namespaces and its group, with the variables and the directory that its program has. */
    private Command inside(List<String> line) {
        long pid = process.payloadPid();
        Command command = Command.of(line).with(Namespaces.of(pid).join());
        Path proc = Path.of("/proc", Long.toString(pid));
        try {
            String variables = FileNames.text(Files.readAllBytes(proc.resolve("environ")));
            for (String variable : variables.split("\0", -1)) {
                int sign = variable.indexOf('=');
                command = sign > 0 ? command.env(variable.substring(0, sign), variable.substring(sign + 1)) : command;
            }
            command = command.directory(Files.readSymbolicLink(proc.resolve("cwd")));
        } catch (IOException ended) {
            throw new UncheckedIOException(process + " does not tell its variables", ended);
        }
        command = parts.rights.on(command);
        return parts.group.isPresent() ? command.with(parts.group.get()) : command;
    }

    @Override
    public Resized resize(ContainerRuntime.Order order) {
        return parts.limits.change(order.pod(), order.container());
    }

    @Override
    public String terminationMessage() {
        return record.words().text();
    }

    @Override
    public void terminate() {
        process.signal(Signal.TERM);
    }

    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            released.join();
            return;
        }
        try {
            end();
        } finally {
            released.complete(null);
        }
    }

    private void end() {
        boolean interrupted = false;
        process.signal(Signal.KILL);
        while (true) {
            try {
                process.await(Duration.ofNanos(Long.MAX_VALUE));
                break;
            } catch (InterruptedException later) { // a kill takes no time, and what runs must not be left alone
                interrupted = true;
            }
        }
        drain.awaitLastWords();
        parts.output.close();
        try {
            parts.release.accept(eviction.told(parts.end.get()));
        } finally {
            process.close();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
