package dev.corral.reconcile.node;

import dev.corral.Child;
import dev.corral.Command;
import dev.corral.Exit;
import dev.corral.Signal;
import dev.corral.Stdio;
import dev.corral.cgroups.LimitCause.OutOfMemory;
import dev.corral.reconcile.workload.ContainerRuntime;
import dev.corral.reconcile.workload.ContainerState;
import dev.corral.reconcile.workload.Resized;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A container that runs as a child process. */
final class ProcessRun implements ContainerRuntime.Run {
    /** After the end of all processes of a container its streams are at their end at once, unless something still holds them. */
    private static final long LAST_WORDS_MILLIS = 500;

    /** What Kubernetes gives for an end nobody saw. */
    private static final int UNKNOWN_CODE = 137;

    private static final Logger LOG = LoggerFactory.getLogger(ProcessRun.class);

    private final Child child;
    private final InputStream output;
    private final Map<String, Integer> ports;
    private final Runnable release;
    private final LiveLimits limits;
    private final LastWordsFile lastWords;
    private final Executor executor;
    private final LogTail log = new LogTail();
    private final CompletableFuture<Void> drained;
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile @Nullable String eviction;

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
        this.drained = CompletableFuture.runAsync(
                () -> {
                    log.drain(output, lines::append);
                    lines.end();
                },
                executor);
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
                .handle((exit, failed) -> exit == null ? unknown(failed) : ended(exit))
                .thenApply(this::withReason);
    }

    /** Kills it, which is told as the reason of its end. */
    void evict(String message) {
        eviction = message;
        child.signal(Signal.KILL);
    }

    private ContainerRuntime.Ended withReason(ContainerRuntime.Ended end) {
        String message = eviction;
        return message == null
                ? end
                : new ContainerRuntime.Ended(end.exitCode(), end.signal(), ContainerState.EVICTED, message);
    }

    private static ContainerRuntime.Ended unknown(@Nullable Throwable failed) {
        return new ContainerRuntime.Ended(
                UNKNOWN_CODE, Optional.empty(), ContainerState.UNKNOWN, "its end could not be read: " + failed);
    }

    /** How a container ended whose processes are gone. */
    static ContainerRuntime.Ended how(Child child) {
        try {
            return child.exit().map(ProcessRun::ended).orElseGet(() -> unknown(null));
        } catch (IllegalStateException unreadable) {
            return unknown(unreadable);
        }
    }

    static ContainerRuntime.Ended ended(Exit exit) {
        String reason = exit.cause(OutOfMemory.class).isPresent()
                ? ContainerState.OOM_KILLED
                : exit.ok() ? ContainerState.COMPLETED : ContainerState.ERROR;
        String message = exit.cause(OutOfMemory.class)
                .map(cause -> describe(cause, exit))
                .orElseGet(exit::toString);
        return new ContainerRuntime.Ended(exit.shellCode(), exit.terminatedBy(), reason, message);
    }

    private static String describe(OutOfMemory cause, Exit exit) {
        return cause.describe()
                + cause.peak()
                        .or(() -> exit.details().peakMemory())
                        .map(peak -> ", peak " + peak)
                        .orElse("");
    }

    @Override
    public String output() {
        return log.text();
    }

    @Override
    public ContainerRuntime.Executed exec(List<String> command, Duration timeout) throws InterruptedException {
        Command inside = Command.of(command)
                .environment(child.command().environment())
                .input(Stdio.nothing())
                .errorIntoOutput();
        Optional<Path> directory = child.command().directory();
        LogTail written = new LogTail();
        try (Child other = child.exec(directory.map(inside::directory).orElse(inside))) {
            CompletableFuture<Void> end =
                    CompletableFuture.runAsync(() -> written.drain(other.getInputStream()), executor);
            Optional<Exit> exit = other.await(timeout);
            if (exit.isEmpty()) {
                other.signal(Signal.KILL);
            }
            int code = other.await().shellCode();
            awaitLastWords(end);
            return new ContainerRuntime.Executed(code, written.text());
        }
    }

    @Override
    public Resized resize(ContainerRuntime.Order order) {
        return limits.change(order.pod(), order.container());
    }

    @Override
    public Process exec(List<String> command) {
        Command inside = Command.of(command).environment(child.command().environment());
        Optional<Path> directory = child.command().directory();
        return child.exec(directory.map(inside::directory).orElse(inside));
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
            awaitLastWords(drained);
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

    private void awaitLastWords(CompletableFuture<Void> end) {
        try {
            end.get(LAST_WORDS_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
        } catch (TimeoutException held) {
            // Closing the child closes the stream, and with it ends the wait for more.
            return;
        } catch (ExecutionException impossible) {
            throw new IllegalStateException("reading the output of " + child + " failed", impossible.getCause());
        }
    }
}
