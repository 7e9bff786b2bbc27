package dev.corral;

import dev.corral.internal.launch.AtShutdown;
import dev.corral.internal.launch.Handshake;
import dev.corral.internal.launch.Launcher;
import dev.corral.internal.launch.Running;
import dev.corral.internal.linux.ErrnoException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A command that was started. It is a {@link Process}, so code that knows those can take it, and it belongs to whoever
 * started it: {@link #close()} ends it and gives back everything that was made for it.
 *
 * <p>With a new pid namespace the direct child of the JVM is a small init, and the program its child; the init forwards
 * signals, reaps, and takes the program with it when the JVM dies. Without one, the kernel kills the program (but not what
 * it has started) when the JVM dies.
 *
 * <p>Its streams are those of {@link Process}, for as long as it is open: whoever has the child can read on, and write, at any
 * time, also what it wrote before.
 *
 * <p>When the JVM ends normally (System.exit, the last thread's end, SIGTERM) while it is open, it is asked to end, and closed
 * after 3 s at most, the child that was started last first. Whatever else ends the JVM ends it too. All of that does not
 * hold for what is to {@linkplain Command#outliveJvm outlive the JVM}.
 *
 * <p>Safe for any thread.
 */
public final class Child extends Process implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Child.class);
    /** A process that SIGKILL does not end within this time hangs in the kernel. */
    private static final Duration KILL_TIMEOUT = Duration.ofSeconds(10);

    private static final Duration DRAIN_TIMEOUT = Duration.ofSeconds(2);

    private final Command command;
    private final Launch launch;
    private final Launcher launcher;
    private final Running running;
    private final StdioPipes.Streams streams;
    private final Optional<Terminal> terminal;
    /** The launch, while it waits for {@link #start}. */
    private final AtomicReference<Optional<Handshake>> rest;

    private final CompletableFuture<Exit> exited;
    private final AtShutdown.Ending ending = new AtShutdown.Ending() {
        @Override
        public void ask() {
            try {
                signal(Signal.TERM);
            } catch (SignalDenied notOurs) {
                LOG.debug("{} can't be asked to end with the JVM", command, notOurs);
            }
        }

        @Override
        public void finish(long deadline) {
            if (!rests()) { // one that rests keeps all signals for later
                ended(deadline);
            }
            try {
                close();
            } catch (CloseFailed failed) {
                LOG.warn("something of {} is left behind at the end of the JVM", command, failed);
            }
        }
    };
    private final AtomicBoolean closed = new AtomicBoolean();
    private final CompletableFuture<Void> released = new CompletableFuture<>();

    Child(
            Command command,
            Launch launch,
            Launcher launcher,
            Running running,
            StdioPipes.Streams streams,
            Optional<Terminal> terminal,
            Optional<Handshake> rest,
            long begin) {
        this.command = command;
        this.launch = launch;
        this.launcher = launcher;
        this.running = running;
        this.streams = streams;
        this.terminal = terminal;
        this.rest = new AtomicReference<>(rest);
        Verdict verdict = new Verdict(command, launch.explanations(), begin);
        // What explains an end may have to read a lot for that.
        this.exited = launch.explanations().isEmpty()
                ? running.ended().thenApply(verdict::exit)
                : running.ended().thenApplyAsync(verdict::explained, launcher.exits());
    }

    /** Begins to count its time, and makes sure that it does not outlive the JVM. */
    void begin() {
        if (!command.manner().lifetime().outlivesJvm()) {
            launcher.atShutdown().add(ending);
        }
        CompletableFuture<Exit> unused = exited.whenComplete((exit, failed) -> {
            if (launch.owned().isEmpty()) { // then nothing is left to be given back
                launcher.atShutdown().remove(ending);
            }
        });
        if (!rests()) {
            limitTime();
        }
        streams.pumps().forEach(pump -> pump.start(launcher.outputs()));
    }

    private boolean rests() {
        return !Optional.empty().equals(rest.get());
    }

    private void limitTime() {
        command.manner().timeLimit().ifPresent(limit -> limit.watch(running, exited, launcher.exits()));
    }

    /** The command it came from. */
    public Command command() {
        return command;
    }

    /** The pid of the direct child of the JVM, as the JVM sees it: of the init where there is one. */
    @Override
    public long pid() {
        return running.pid();
    }

    /** The program's own pid, as the JVM sees it; the same as {@link #pid()} where there is no init. */
    public long payloadPid() {
        return running.payload();
    }

    /**
     * What another JVM, or this one later, finds it again by: see {@link Adopted}.
     *
     * @throws ChildGone if it has ended
     */
    public ChildId id() {
        long payload = payloadPid();
        Optional<ChildId> id = ChildId.of(pid(), payload);
        checkRunning(payload);
        return id.orElseThrow(() -> gone(null));
    }

    /** Its terminal, if {@link Command#terminal} asked for one. */
    public Optional<Terminal> terminal() {
        return terminal;
    }

    /**
     * Lets a child made by {@link Command#create()} go on to its program.
     *
     * @return this child, whose program runs
     * @throws IllegalStateException if it has been started before
     * @throws ChildGone if it has ended, or been closed, before
     * @throws LaunchException if a step failed; the child is closed then
     */
    public Child start() {
        Handshake waiting = rest.getAndSet(Optional.empty())
                .orElseThrow(() -> new IllegalStateException(command + " has been started already"));
        if (!isAlive()) {
            throw gone(null);
        }
        try {
            Start.resume(launch, launcher, waiting);
            limitTime();
            return this;
        } catch (RuntimeException | Error failed) {
            try {
                close();
            } catch (CloseFailed left) {
                failed.addSuppressed(left);
            }
            throw failed;
        }
    }

    /**
     * Starts another command where this one runs: in its namespaces and groups, with its ids, capabilities, seccomp filter
     * and Landlock rules unless the command brings others. It has streams and an end of its own, and belongs to the caller;
     * but when this child's init ends, it ends too. New namespaces of the command's begin as copies of this child's, and belong
     * to its user namespace; a user or pid namespace, shifted clocks and a file tree of its own can't be had there.
     *
     * @throws ChildGone if this child has ended
     * @throws LaunchException if a step of the launch failed
     */
    public Child exec(Command other) {
        try {
            return Start.inside(other, launcher, entered -> {
                long payload = payloadPid();
                checkRunning(payload);
                entered.enter(launch, payload);
                // Once more, now that it is held: its pid may have come to somebody else before.
                checkRunning(payload);
            });
        } catch (LaunchException failed) {
            if (!isAlive()) {
                throw gone(failed);
            }
            throw failed;
        }
    }

    private void checkRunning(long payload) {
        if (!isAlive() || !running.owns(payload)) {
            throw gone(null);
        }
    }

    void closeInput() {
        try {
            streams.input().close();
        } catch (IOException failed) {
            LOG.debug("closing the input of {}", command, failed);
        }
    }

    private ChildGone gone(@Nullable Throwable cause) {
        return new ChildGone(command + " has ended: nothing can be started in it", cause);
    }

    /**
     * Asks it to end, and ends it if it doesn't: SIGTERM, the grace, SIGKILL. One that waits for its start can't be asked, and
     * is ended at once.
     *
     * @return how it ended
     */
    public Exit stop(Duration grace) throws InterruptedException {
        Optional<Exit> exit = Optional.empty();
        if (!rests()) {
            signal(Signal.TERM);
            exit = await(grace);
        }
        if (exit.isEmpty()) {
            signal(Signal.KILL);
            return await();
        }
        return exit.get();
    }

    /** What became of everything that was asked for, from all confinements that say it. */
    public Applied applied() {
        return launch.provided().stream()
                .filter(Applied.class::isInstance)
                .map(Applied.class::cast)
                .reduce(launch.keptGroups(), Applied::and);
    }

    /** How it ended; empty while it runs. */
    public Optional<Exit> exit() {
        try {
            return Optional.ofNullable(exited.getNow(null));
        } catch (CompletionException failed) {
            throw unreadable(failed);
        }
    }

    /** Completes with the end, on a thread of Corral's that may be blocked for a while; completing it here does nothing. */
    public CompletableFuture<Exit> exited() {
        return exited.thenApplyAsync(exit -> exit, launcher.exits());
    }

    /** Waits until it ends. */
    public Exit await() throws InterruptedException {
        try {
            waitBriefly(Long.MAX_VALUE);
            return exited.get();
        } catch (ExecutionException failed) {
            throw unreadable(failed);
        }
    }

    /** Waits until it ends, but no longer than that; empty when the time is up. */
    public Optional<Exit> await(Duration timeout) throws InterruptedException {
        long begin = System.nanoTime();
        long nanos = TimeUnit.NANOSECONDS.convert(timeout);
        try {
            waitBriefly(nanos);
            return Optional.of(exited.get(nanos - (System.nanoTime() - begin), TimeUnit.NANOSECONDS));
        } catch (TimeoutException stillRunning) {
            return Optional.empty();
        } catch (ExecutionException failed) {
            throw unreadable(failed);
        }
    }

    /** Unless the caller has been interrupted, or does not want to wait. */
    private void waitBriefly(long nanos) {
        if (!Thread.currentThread().isInterrupted()) {
            running.waitBriefly(nanos);
        }
    }

    private IllegalStateException unreadable(Exception failed) {
        return new IllegalStateException("the end of " + command + " could not be read", failed.getCause());
    }

    /**
     * Sends a signal; false when it has ended. An init forwards it to the program and its process group, but for
     * {@link Signal#KILL}, which ends the init and with it everything, and {@link Signal#STOP}, which only stops the init.
     *
     * @throws SignalDenied if the program has made itself somebody else's, as a setuid program may
     */
    public boolean signal(Signal signal) {
        try {
            return running.signal(signal.number());
        } catch (ErrnoException refused) {
            throw new SignalDenied("can't send " + signal + " to " + command + ": " + refused.getMessage(), refused);
        }
    }

    /** A value that a confinement provides, such as the control group or the report of what was applied. */
    public <T> Optional<T> find(Class<T> type) {
        return launch.provided().stream()
                .filter(type::isInstance)
                .map(type::cast)
                .findFirst();
    }

    /**
     * Kills what still runs, reaps it, and gives back streams, descriptors and groups. May be called twice and by several
     * threads; each returns when all is done. An interrupt does not cut it short.
     *
     * @throws CloseFailed if it could not be killed, or something that a confinement had made for it could not be given
     *     back; everything else has been then
     */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            released.join();
            return;
        }
        try {
            List<Throwable> failures = new ArrayList<>();
            kill(failures);
            failures.addAll(Owned.close(launch.owned()));
            terminal.ifPresent(Terminal::close);
            streams.pumps().forEach(this::drain);
            failures.addAll(streams.close());
            if (!failures.isEmpty()) {
                throw new CloseFailed(command, failures);
            }
        } finally {
            launcher.atShutdown().remove(ending);
            released.complete(null);
        }
    }

    /** What was written before the end is handed over, unless nobody takes it. */
    private void drain(Pump pump) {
        try {
            if (!pump.drain(Optional.of(DRAIN_TIMEOUT))) {
                LOG.warn("whoever gets the lines of {} does not take them: the last ones are lost", command);
            }
        } catch (InterruptedException later) {
            Thread.currentThread().interrupt();
        }
        pump.close();
    }

    private void kill(List<Throwable> failures) {
        try {
            signal(Signal.KILL);
            if (!ended(System.nanoTime() + KILL_TIMEOUT.toNanos())) {
                failures.add(new CloseFailed("pid " + pid() + " did not end within " + KILL_TIMEOUT.toSeconds()
                        + " s of SIGKILL: it hangs in the kernel"));
            }
        } catch (SignalDenied notOurs) {
            failures.add(notOurs);
        }
    }

    /** The wait is short and close() must not be left half done: an interrupt is kept for later. */
    private boolean ended(long deadline) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    waitBriefly(deadline - System.nanoTime());
                    exited.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
                    return true;
                } catch (InterruptedException later) {
                    interrupted = true;
                } catch (TimeoutException hangs) {
                    return false;
                } catch (ExecutionException unreadable) {
                    LOG.warn("the end of {} could not be read", command, unreadable.getCause());
                    return true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /**
     * What the program has used so far; its peak of memory is that of its own process only. Empty once it has ended, when
     * {@link Exit.Details#usage} tells. Source: proc_pid_stat(5), proc_pid_status(5).
     */
    public Optional<ResourceUsage> usage() {
        long payload = payloadPid();
        Optional<ResourceUsage> used = LiveUsage.of(payload);
        // Afterwards: what was read was the program's if it still is there.
        return isAlive() && running.owns(payload) ? used : Optional.empty();
    }

    @Override
    public OutputStream getOutputStream() {
        return streams.input();
    }

    @Override
    public InputStream getInputStream() {
        return streams.output();
    }

    @Override
    public InputStream getErrorStream() {
        return streams.error();
    }

    @Override
    public int waitFor() throws InterruptedException {
        return await().shellCode();
    }

    @Override
    public boolean waitFor(long timeout, TimeUnit unit) throws InterruptedException {
        return await(Duration.ofNanos(unit.toNanos(timeout))).isPresent();
    }

    /** The exit code, or 128 plus the signal's number; {@link #exit()} tells the two apart. */
    @Override
    public int exitValue() {
        return exit().orElseThrow(() -> new IllegalThreadStateException(command + " has not ended"))
                .shellCode();
    }

    @Override
    public boolean isAlive() {
        return !exited.isDone();
    }

    /** Sends SIGTERM. */
    @Override
    public void destroy() {
        signal(Signal.TERM);
    }

    /** Sends SIGKILL. */
    @Override
    public Child destroyForcibly() {
        signal(Signal.KILL);
        return this;
    }

    @Override
    public boolean supportsNormalTermination() {
        return true;
    }

    @Override
    public CompletableFuture<Process> onExit() {
        return exited.thenApplyAsync(exit -> this, launcher.exits());
    }

    /**
     * The direct child of the JVM as the JDK knows it. Throws IllegalStateException if it has ended and other code of the JVM
     * has reaped it.
     */
    @Override
    public ProcessHandle toHandle() {
        return running.handle().orElseThrow(() -> new IllegalStateException(command + " has ended"));
    }

    @Override
    public String toString() {
        return command + ", pid " + pid() + exit().map(end -> ", " + end).orElse("");
    }
}
