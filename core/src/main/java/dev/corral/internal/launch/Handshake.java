package dev.corral.internal.launch;

import dev.corral.internal.launch.LaunchBroken.How;
import dev.corral.internal.linux.Errno;
import dev.corral.internal.linux.ErrnoException;
import dev.corral.internal.linux.Fd;
import dev.corral.internal.linux.LibC;
import dev.corral.internal.linux.Packet;
import dev.corral.internal.linux.PollCalls;
import dev.corral.internal.linux.ProcessCalls;
import dev.corral.internal.linux.SocketCalls;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One launch, from the spawn of stage0 to the end of file that means exec has succeeded, perhaps with a rest in between.
 * Used by one thread at a time, but for {@link #abandon}.
 *
 * <p>{@link #begin} has stage0 started while the caller makes a request of it; {@link #run} goes on from there.
 */
public final class Handshake {
    /** How often a waiting handshake looks whether its caller has given up. */
    private static final int GLANCE_MILLIS = 50;
    /** A process whose descriptors are closed already is all but gone. */
    private static final int DEATH_MILLIS = 1000;

    /** What the launcher wants answers for, or hands over, before the end. */
    private static final List<LaunchPlan.Flag> TALKATIVE = List.of(
            LaunchPlan.Flag.MAP_BY_JVM,
            LaunchPlan.Flag.WAIT_NETWORK,
            LaunchPlan.Flag.NOTIFY,
            LaunchPlan.Flag.WAIT_START);

    private final Reaper reaper;
    /** What the payload keeps for the JVM, and the control socket. */
    private final Fds ours = new Fds();

    private final Control control;
    private final Spawning spawning;
    private long deadline;
    private BooleanSupplier cancelled = () -> false;
    private @Nullable LaunchRequest request;
    private int pid = -1;
    private int payload = -1;
    /** The wait status of what stage0 cloned, once it is undone. */
    private int cloned = -1;

    private @Nullable Fd pidfd;
    private @Nullable Fd terminal;
    private String last = "spawn";
    private boolean ready;
    private boolean hasRested;
    private boolean listened;
    private boolean execing;
    /** Whether what was started belongs to somebody else by now, or is gone. */
    private boolean settled;
    /** Of two threads, one that resumes and one that gives up, the first decides. */
    private final AtomicBoolean rested = new AtomicBoolean();

    private Handshake(Reaper reaper, Fd socket, Spawning spawning) {
        this.reaper = reaper;
        this.control = new Control(ours.keep(socket));
        this.spawning = spawning;
    }

    /** Has stage0 started by one of those threads. {@link #run} or {@link #giveUp} is the next to be called. */
    static Handshake begin(Executor immortal, LauncherImage image, Reaper reaper) {
        int[] pair = SocketCalls.socketPair();
        Fd socket = new Fd(pair[0]);
        try (Fd theirs = new Fd(pair[1])) {
            SocketCalls.passCredentials(socket.number());
            // Away from 3, where the spawn puts it: dup2 onto itself would leave close-on-exec set.
            Fd moved = new Fd(LibC.duplicate(theirs.number(), 10));
            return new Handshake(reaper, socket, Spawning.by(immortal, image, moved));
        } catch (RuntimeException | Error failed) {
            socket.close();
            throw failed;
        }
    }

    /**
     * To the end; or to where the payload is set up, if the plan wants a rest there. Takes over what is prepared.
     *
     * @param until when, as {@link System#nanoTime} counts
     * @param stop asked now and then, by the thread that calls this, whether the launch is to be given up
     */
    Launched run(Prepared prepared, long until, BooleanSupplier stop) {
        deadline = until;
        cancelled = stop;
        request = prepared.request();
        ours.keep(prepared.lifeline());
        ours.keep(prepared.status());
        try {
            if (cancelled.getAsBoolean() || millisLeft() <= 0) {
                throw givenUp();
            }
            return launched(prepared);
        } catch (RuntimeException failed) {
            boolean dead = isDead();
            undo();
            ours.close();
            throw dead ? becauseKilled(failed) : failed;
        } catch (Error failed) {
            undo();
            ours.close();
            throw failed;
        } finally {
            prepared.closeTheirs();
        }
    }

    /**
     * From the rest to the end, or an exception. What has been handed out by {@link #run} is not touched, whatever happens.
     * Throws LaunchBroken if it was given up before.
     */
    Boolean resume(long newDeadline, BooleanSupplier stop) {
        if (!rested.compareAndSet(false, true)) {
            throw new LaunchBroken(How.ABANDONED, last, -1);
        }
        deadline = newDeadline;
        cancelled = stop;
        ready = false;
        try {
            control.say(LaunchMessage.Type.START);
            converse();
            if (!execing) {
                throw new LaunchBroken(How.DIED, last, -1);
            }
            return true;
        } finally {
            control.close();
        }
    }

    /** Gives the rest up: what waits for its start reads the end of file and exits. Nothing once it has been resumed. */
    void abandon() {
        if (rested.compareAndSet(false, true)) {
            control.close();
        }
    }

    /** Ends what was begun, unless {@link #run} has: then nothing. */
    public void giveUp() {
        if (!settled) {
            undo();
            ours.close();
        }
    }

    private Launched launched(Prepared prepared) {
        List<Integer> descriptors = new ArrayList<>();
        descriptors.add(prepared.memory().number());
        descriptors.addAll(prepared.request().stdio());
        descriptors.add(
                prepared.request().exitRecord().orElse(prepared.lifelineRead().number()));
        descriptors.add(prepared.statusWrite().number());
        descriptors.addAll(prepared.request().plan().descriptors());
        control.hello(prepared.length(), descriptors);
        prepared.closeTheirs();

        converse();
        int stage0 = spawning.pid();
        Fd handle = pidfd;
        if (!(execing || ready) || handle == null) {
            throw died(prepared.status());
        }
        ProcessCalls.waitFor(stage0);
        settled = true;
        if (!ready) {
            control.close();
        }
        return new Launched(
                pid,
                payload,
                handle,
                prepared.lifeline(),
                prepared.status(),
                Optional.ofNullable(terminal),
                ready ? Optional.of(this) : Optional.empty());
    }

    /** Reads until the end of file, or until the payload rests. */
    private void converse() {
        while (!ready) {
            Optional<Packet> packet = next();
            if (packet.isEmpty()) {
                throw givenUp();
            }
            if (packet.get().end()) {
                return;
            }
            accept(packet.get());
        }
    }

    private Optional<Packet> next() {
        boolean talks = talks();
        while (true) {
            Optional<Packet> packet = control.receive();
            long left = millisLeft();
            if (packet.isPresent() || left <= 0 || cancelled.getAsBoolean()) {
                return packet;
            }
            control.await(talks, (int) Math.min(left, GLANCE_MILLIS));
        }
    }

    private boolean talks() {
        return TALKATIVE.stream().anyMatch(request().plan()::has);
    }

    private LaunchRequest request() {
        return Objects.requireNonNull(request);
    }

    private void accept(Packet packet) {
        try (Fds received = new Fds(packet.descriptors())) {
            LaunchMessage message = LaunchMessage.read(packet.bytes()).orElseThrow(this::garbled);
            switch (message.type()) {
                case PID -> {
                    if (pid > 0 || message.number() <= 1) {
                        throw garbled();
                    }
                    pid = message.number();
                    last = Step.CLONE.text();
                    pidfd = only(packet, received);
                }
                case WAIT -> {
                    answer(message.number());
                    control.say(LaunchMessage.Type.DONE);
                }
                case TERMINAL -> {
                    expected(LaunchPlan.Flag.TERMINAL, terminal == null);
                    terminal = only(packet, received);
                }
                case LISTENER -> {
                    expected(LaunchPlan.Flag.NOTIFY, !listened);
                    listened = true;
                    // At once: the very next call, execve, may be one that the filter asks about.
                    request().waits().listen(only(packet, received).release());
                }
                case READY -> {
                    expected(LaunchPlan.Flag.WAIT_START, !hasRested);
                    hasRested = true;
                    ready = true;
                    payload = packet.sender();
                    last = Step.READY.text();
                }
                case EXECING -> {
                    execing = true;
                    payload = packet.sender();
                    last = Step.EXECING.text();
                }
                case ERROR -> {
                    Step step = Step.at(message.number()).orElseThrow(this::garbled);
                    Stage stage = Stage.numbered(message.stage()).orElseThrow(this::garbled);
                    throw new StepFailed(step, stage, message.error(), message.index(), message.detail());
                }
                case HELLO, FDS, DONE, START -> throw garbled();
            }
        }
    }

    /** What nobody has asked for, or has had already, would have no owner. */
    private void expected(LaunchPlan.Flag flag, boolean first) {
        if (!request().plan().has(flag) || !first || pid < 0) {
            throw garbled();
        }
    }

    private Fd only(Packet packet, Fds received) {
        if (packet.truncated()) {
            throw new ErrnoException("recvmsg", "", Errno.EMFILE);
        }
        if (packet.descriptors().length != 1) {
            throw garbled();
        }
        return ours.keep(received.take());
    }

    private void answer(int what) {
        if (pid < 0) {
            throw garbled();
        }
        if (what == LaunchMessage.WAIT_IDMAP) {
            last = Step.IDMAP.text();
            request().waits().mapIds(pid);
        } else if (what == LaunchMessage.WAIT_NETWORK) {
            last = Step.NETWORK.text();
            request().waits().connect(pid);
        } else {
            throw garbled();
        }
    }

    /** Rounded up: 0 or less only when the time is really up. */
    private long millisLeft() {
        return Math.floorDiv(deadline - System.nanoTime() + 999_999, 1_000_000);
    }

    private LaunchBroken givenUp() {
        return new LaunchBroken(cancelled.getAsBoolean() ? How.CANCELLED : How.TIMED_OUT, last, -1);
    }

    private LaunchBroken garbled() {
        return new LaunchBroken(How.GARBLED, last, -1);
    }

    private boolean isDead() {
        Fd handle = pidfd;
        return !settled && handle != null && PollCalls.poll(handle.number(), PollCalls.POLLIN, 0) != 0;
    }

    /** What can't be done to a process that somebody has killed fails in many ways, and all for one reason. */
    private RuntimeException becauseKilled(RuntimeException failed) {
        boolean toldByItself = failed instanceof StepFailed step && step.stage() != Stage.STAGE0;
        if (toldByItself || failed instanceof LaunchBroken || cloned != ProcessCalls.SIGKILL) {
            return failed;
        }
        LaunchBroken killed = new LaunchBroken(How.DIED, last, cloned);
        killed.addSuppressed(failed);
        return killed;
    }

    /** An end of file without exec: somebody has died, and it may be init that has to say how. */
    private LaunchBroken died(Fd status) {
        Fd handle = pidfd;
        if (handle != null) {
            PollCalls.poll(handle.number(), PollCalls.POLLIN, DEATH_MILLIS);
        }
        Optional<ProcessCalls.Waited> reported = ExitRecord.read(status);
        int own = undo();
        return new LaunchBroken(
                How.DIED, last, reported.map(ProcessCalls.Waited::rawStatus).orElse(own));
    }

    /**
     * Ends and reaps whatever was started.
     *
     * @return stage0's wait status unless it did its work, for then what it cloned only followed it; else that of what it
     *     cloned; -1 if there is none to tell
     */
    private int undo() {
        OptionalInt stage0 = settled ? OptionalInt.empty() : spawning.giveUp();
        settled = true;
        if (stage0.isEmpty()) {
            return -1;
        }
        int leader = stage0.getAsInt();
        // Whatever stage0 has cloned is in its process group, until it makes a session of its own: by then its pid has
        // been told. None of the numbers can have been given to anybody else, because nobody else reaps.
        ProcessCalls.kill(-leader, ProcessCalls.SIGKILL);
        Optional<Integer> status = reaper.endLeader(leader);
        findPid();
        if (pid > 0) {
            cloned = reaper.end(pid).orElse(-1);
            return status.filter(raw -> raw != 0).orElse(cloned);
        }
        if (status.isPresent()) { // otherwise it is frozen or hangs, and so would we: the reaper waits for both
            ProcessCalls.waitFor(-leader);
        }
        return status.orElse(-1);
    }

    /** What stage0 has cloned may only be known from a message that was not read yet. */
    private void findPid() {
        Optional<Packet> packet = control.receive();
        while (packet.isPresent() && !packet.get().end()) {
            new Fds(packet.get().descriptors()).close();
            LaunchMessage.read(packet.get().bytes())
                    .filter(message -> message.type() == LaunchMessage.Type.PID && message.number() > 1 && pid < 0)
                    .ifPresent(message -> pid = message.number());
            packet = control.receive();
        }
    }
}
