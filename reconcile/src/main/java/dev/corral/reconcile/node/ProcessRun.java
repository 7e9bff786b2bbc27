package dev.corral.reconcile.node;

import dev.corral.Child;
import dev.corral.Command;
import dev.corral.Signal;
import dev.corral.Stdio;
import dev.corral.reconcile.workload.ContainerRuntime;
import dev.corral.reconcile.workload.Resized;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A container that runs as a child process. */
final class ProcessRun implements PodHome.Evictable {
    private static final Logger LOG = LoggerFactory.getLogger(ProcessRun.class);

    private final Child child;
    private final InputStream output;
    private final Map<String, Integer> ports;
    private final Runnable release;
    private final LiveLimits limits;
    private final LastWordsFile lastWords;
    private final Executor executor;
    private final Drain drain = new Drain();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final Eviction eviction = new Eviction();

    /**
     * A container that has been started.
     *
     * @param output what it writes; closed with it
     * @param release is done once nothing is left of it
     */
    ProcessRun(
            Child child,
            InputStream output,
            Map<String, Integer> ports,
            Runnable release,
            LineLog lines,
            LiveLimits limits,
            LastWordsFile lastWords,
            Executor executor) {
        this.child = child;
        this.output = output;
        this.ports = Map.copyOf(ports);
        this.release = release;
        this.limits = limits;
        this.lastWords = lastWords;
        this.executor = executor;
        drain.begin(output, lines, executor);
    }

    @Override
    public Map<String, Integer> ports() {
        return ports;
    }

    @Override
    public List<String> dropped() {
        Stream<String> dropped = child.applied().dropped().stream()
                .map(entry -> entry.feature() + " " + entry.requested() + ": " + entry.note());
        return Stream.concat(dropped, limits.unprotected().stream()).toList();
    }

    @Override
    public CompletableFuture<ContainerRuntime.Ended> exited() {
        return child.exited()
                .handle((exit, failed) -> exit == null ? HowEnded.unread(failed) : HowEnded.of(exit))
                .thenApply(eviction::told);
    }

    /** A child's end is told by a thread that is there for this end alone. */
    @Override
    public boolean tellsItsEndWhereOneMayWait() {
        return true;
    }

    @Override
    public void evict(String message) {
        eviction.because(message);
        child.signal(Signal.KILL);
    }

    @Override
    public String output() {
        return drain.text();
    }

    @Override
    public ContainerRuntime.Executed exec(List<String> command, Duration timeout) throws InterruptedException {
        Command inside = inside(command).input(Stdio.nothing()).errorIntoOutput();
        return Execution.of(child.exec(inside), timeout, executor);
    }

    @Override
    public Resized resize(ContainerRuntime.Order order) {
        return limits.change(order.pod(), order.container());
    }

    @Override
    public Process exec(List<String> command) {
        return child.exec(inside(command));
    }

    /** With the variables and the directory that its program has. */
    private Command inside(List<String> line) {
        Command command = Command.of(line).environment(child.command().environment());
        Optional<Path> directory = child.command().directory();
        return directory.map(command::directory).orElse(command);
    }

    @Override
    public String terminationMessage() {
        return lastWords.text();
    }

    @Override
    public void terminate() {
        child.signal(Signal.TERM);
    }

    @Override
    public void close() {
        if (child.exit().isPresent()) {
            drain.awaitLastWords();
        }
        child.close();
        closeOutput();
        if (closed.compareAndSet(false, true)) {
            release.run();
        }
    }

    private void closeOutput() {
        try {
            output.close();
        } catch (IOException failed) {
            LOG.debug("closing the output of {}", child, failed);
        }
    }
}
