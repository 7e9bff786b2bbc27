package dev.corral.internal.launch;

import dev.corral.internal.launch.LaunchBroken.How;
import dev.corral.internal.linux.Errno;
import dev.corral.internal.linux.ErrnoException;
import dev.corral.internal.linux.Fd;
import dev.corral.internal.linux.LibC;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One launch, from the spawn of stage0 to the end of file that means exec has succeeded. Used once, by one thread. */
final class Handshake {
    private static final int SIGKILL = 9;
    /** How often a waiting handshake looks whether its caller has given up. */
    private static final int GLANCE_MILLIS = 50;
    /** A process whose descriptors are closed already is all but gone. */
    private static final int DEATH_MILLIS = 1000;

    private final LauncherImage image;
    private final Reaper reaper;
    private final LaunchRequest request;
    private final long deadline;
    private final Launcher.Pending pending;

    private int stage0 = -1;
    private int pid = -1;
    private int payload = -1;
    private @Nullable Fd pidfd;
    private String last = "spawn";
    private boolean execing;

    Handshake(LauncherImage image, Reaper reaper, LaunchRequest request, long deadline, Launcher.Pending pending) {
        this.image = image;
        this.reaper = reaper;
        this.request = request;
        this.deadline = deadline;
        this.pending = pending;
    }

    Launched run() {
        if (pending.isCancelled() || millisLeft() <= 0) { // in the queue, behind others
            throw givenUp();
        }
        byte[] plan = request.plan()
                .bytes(ProcessHandle.current().pid(), request.groupV2().isPresent());
        Fds ours = new Fds();
        try (Fds temporary = new Fds()) {
            int[] pair = LibC.socketPair();
            Fd control = temporary.add(pair[0]);
            Fd theirs = temporary.add(pair[1]);
            try {
                return launched(plan, control, theirs, temporary, ours);
            } catch (RuntimeException | Error failed) {
                ours.close();
                undo(control);
                throw failed;
            }
        }
    }

    private Launched launched(byte[] plan, Fd control, Fd theirs, Fds temporary, Fds ours) {
        // Away from 3, where the spawn puts it: dup2 onto itself would leave close-on-exec set.
        Fd moved = temporary.add(LibC.duplicate(theirs.number(), 10));
        theirs.close();
        LibC.passCredentials(control.number());
        Fd memory = temporary.add(planMemory(plan));
        int[] pipe = LibC.pipe();
        Fd lifelineRead = temporary.add(pipe[0]);
        Fd lifeline = ours.add(pipe[1]);
        pipe = LibC.pipe();
        Fd status = ours.add(pipe[0]);
        Fd statusWrite = temporary.add(pipe[1]);

        stage0 = LibC.spawn(image.path(), "corral-launcher", moved.number());
        moved.close();
        List<Integer> descriptors = new ArrayList<>();
        descriptors.add(memory.number());
        descriptors.addAll(request.stdio());
        descriptors.add(lifelineRead.number());
        descriptors.add(statusWrite.number());
        descriptors.addAll(request.groupsV1());
        request.groupV2().ifPresent(descriptors::add);
        sendHello(control, plan.length, descriptors);
        // The launcher's copies are in flight; ours would keep the pipes from ending.
        memory.close();
        lifelineRead.close();
        statusWrite.close();

        converse(control);
        Fd handle = pidfd;
        if (!execing || handle == null) {
            throw died(control, status);
        }
        LibC.waitFor(stage0);
        return new Launched(pid, payload, handle, lifeline, status);
    }

    private void sendHello(Fd control, int length, List<Integer> descriptors) {
        try {
            LibC.send(
                    control.number(),
                    LaunchMessage.hello(length, descriptors.size()),
                    descriptors.stream().mapToInt(Integer::intValue).toArray());
        } catch (ErrnoException failed) {
            // A launcher that died or failed before it listened has left its reason in the socket, or none.
            if (failed.errno() != Errno.EPIPE) {
                throw failed;
            }
        }
    }

    /** Reads until the end of file. */
    private void converse(Fd control) {
        while (true) {
            Optional<LibC.Packet> packet = next(control);
            if (packet.isEmpty()) {
                throw givenUp();
            }
            if (packet.get().end()) {
                return;
            }
            accept(packet.get());
        }
    }

    private Optional<LibC.Packet> next(Fd control) {
        while (true) {
            Optional<LibC.Packet> packet = LibC.receive(control.number());
            long left = millisLeft();
            if (packet.isPresent() || left <= 0 || pending.isCancelled()) {
                return packet;
            }
            LibC.poll(control.number(), LibC.POLLIN, (int) Math.min(left, GLANCE_MILLIS));
        }
    }

    private void accept(LibC.Packet packet) {
        try (Fds received = new Fds(packet.descriptors())) {
            LaunchMessage message = LaunchMessage.read(packet.bytes()).orElseThrow(this::garbled);
            switch (message.type()) {
                case PID -> {
                    if (pid > 0 || message.number() <= 1) {
                        throw garbled();
                    }
                    pid = message.number();
                    last = Step.CLONE.text();
                    if (packet.truncated()) {
                        throw new ErrnoException("recvmsg", "", Errno.EMFILE);
                    }
                    if (packet.descriptors().length != 1) {
                        throw garbled();
                    }
                    pidfd = received.take();
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
                case HELLO -> throw garbled();
            }
        }
    }

    /** Rounded up: 0 or less only when the time is really up. */
    private long millisLeft() {
        return Math.floorDiv(deadline - System.nanoTime() + 999_999, 1_000_000);
    }

    private LaunchBroken givenUp() {
        return new LaunchBroken(pending.isCancelled() ? How.CANCELLED : How.TIMED_OUT, last, -1);
    }

    private LaunchBroken garbled() {
        return new LaunchBroken(How.GARBLED, last, -1);
    }

    /** An end of file without exec: somebody has died, and it may be init that has to say how. */
    private LaunchBroken died(Fd control, Fd status) {
        Fd handle = pidfd;
        if (handle != null) {
            LibC.poll(handle.number(), LibC.POLLIN, DEATH_MILLIS);
        }
        Optional<LibC.Waited> reported = ExitRecord.read(status);
        int own = undo(control);
        return new LaunchBroken(
                How.DIED, last, reported.map(LibC.Waited::rawStatus).orElse(own));
    }

    /**
     * Ends and reaps whatever was started.
     *
     * @return stage0's wait status unless it did its work, for then what it cloned only followed it; else that of what it
     *     cloned; -1 if there is none to tell
     */
    private int undo(Fd control) {
        if (stage0 < 0) {
            return -1;
        }
        int leader = stage0;
        stage0 = -1;
        // Whatever stage0 has cloned is in its process group, until it makes a session of its own: by then its pid has
        // been told. None of the numbers can have been given to anybody else, because nobody else reaps.
        LibC.kill(-leader, SIGKILL);
        Optional<Integer> status = reaper.end(leader);
        findPid(control);
        if (pidfd != null) {
            pidfd.close();
        }
        if (pid > 0) {
            int cloned = reaper.end(pid).orElse(-1);
            return status.filter(raw -> raw != 0).orElse(cloned);
        }
        if (status.isPresent()) { // otherwise it is frozen or hangs, and so would we
            LibC.waitFor(-leader);
        }
        return status.orElse(-1);
    }

    /** What stage0 has cloned may only be known from a message that was not read yet. */
    private void findPid(Fd control) {
        Optional<LibC.Packet> packet = LibC.receive(control.number());
        while (packet.isPresent() && !packet.get().end()) {
            new Fds(packet.get().descriptors()).close();
            LaunchMessage.read(packet.get().bytes())
                    .filter(message -> message.type() == LaunchMessage.Type.PID && message.number() > 1 && pid < 0)
                    .ifPresent(message -> pid = message.number());
            packet = LibC.receive(control.number());
        }
    }

    /** Where the launcher reads its plan: sealed, so that it cannot change under its eyes, and never to be executed. */
    private static int planMemory(byte[] plan) {
        int flags = LibC.MFD_CLOEXEC | LibC.MFD_ALLOW_SEALING;
        int memory;
        try {
            memory = LibC.memfd("corral-plan", flags | LibC.MFD_NOEXEC_SEAL);
        } catch (ErrnoException refused) {
            if (refused.errno() != Errno.EINVAL) { // before Linux 6.3
                throw refused;
            }
            memory = LibC.memfd("corral-plan", flags);
        }
        Fd owner = new Fd(memory);
        try {
            LibC.writeAll(memory, plan);
            LibC.seal(memory);
            return owner.release();
        } finally {
            owner.close();
        }
    }
}
