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

    private final LauncherImage image;
    private final LaunchRequest request;
    private final long deadline;
    private final Launcher.Pending pending;

    private int stage0 = -1;
    private int pid = -1;
    private int payload = -1;
    private @Nullable Fd pidfd;
    private @Nullable StepFailed failure;
    private String last = "spawn";
    private boolean execing;

    Handshake(LauncherImage image, LaunchRequest request, long deadline, Launcher.Pending pending) {
        this.image = image;
        this.request = request;
        this.deadline = deadline;
        this.pending = pending;
    }

    Launched run() {
        List<Fd> ours = new ArrayList<>();
        try (Fds temporary = new Fds()) {
            int[] pair = LibC.socketPair();
            Fd control = temporary.add(pair[0]);
            Fd theirs = temporary.add(pair[1]);
            // Away from 3, where the spawn puts it: dup2 onto itself would leave close-on-exec set.
            Fd moved = temporary.add(LibC.duplicate(theirs.number(), 10));
            theirs.close();
            LibC.passCredentials(control.number());
            byte[] plan = request.plan()
                    .bytes(ProcessHandle.current().pid(), request.groupV2().isPresent());
            Fd memory = temporary.add(planMemory(plan));
            int[] lifeline = LibC.pipe();
            Fd lifelineRead = temporary.add(lifeline[0]);
            ours.add(new Fd(lifeline[1]));
            int[] status = LibC.pipe();
            Fd statusWrite = temporary.add(status[1]);
            ours.add(new Fd(status[0]));

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
            if (failure != null) {
                throw failure;
            }
            if (!execing || handle == null) {
                throw new LaunchBroken(How.DIED, last, reapAll());
            }
            LibC.waitFor(stage0);
            stage0 = -1;
            return new Launched(pid, payload, handle, ours.get(0), ours.get(1));
        } catch (RuntimeException | Error failed) {
            ours.forEach(Fd::close);
            reapAll();
            throw failed;
        }
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
                giveUp(control);
                throw new LaunchBroken(pending.isCancelled() ? How.CANCELLED : How.TIMED_OUT, last, -1);
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
            long left = (deadline - System.nanoTime()) / 1_000_000;
            if (packet.isPresent() || left <= 0 || pending.isCancelled()) {
                return packet;
            }
            LibC.poll(control.number(), LibC.POLLIN, (int) Math.min(left + 1, GLANCE_MILLIS));
        }
    }

    private void accept(LibC.Packet packet) {
        Fds received = new Fds();
        for (int descriptor : packet.descriptors()) {
            received.add(descriptor);
        }
        try (received) {
            LaunchMessage message =
                    LaunchMessage.read(packet.bytes()).orElseThrow(() -> new LaunchBroken(How.GARBLED, last, -1));
            switch (message.type()) {
                case PID -> {
                    if (packet.descriptors().length != 1 || pidfd != null) {
                        throw new LaunchBroken(How.GARBLED, last, -1);
                    }
                    pid = message.number();
                    pidfd = received.take();
                    last = Step.CLONE.text();
                }
                case EXECING -> {
                    execing = true;
                    payload = packet.sender();
                    last = Step.EXECING.text();
                }
                case ERROR -> {
                    Step step = Step.at(message.number()).orElseThrow(() -> new LaunchBroken(How.GARBLED, last, -1));
                    Stage stage =
                            Stage.numbered(message.stage()).orElseThrow(() -> new LaunchBroken(How.GARBLED, last, -1));
                    // The first word counts: what follows is a consequence.
                    if (failure == null) {
                        failure = new StepFailed(step, stage, message.error(), message.index(), message.detail());
                    }
                }
                case HELLO -> throw new LaunchBroken(How.GARBLED, last, -1);
            }
        }
    }

    /** Ends and reaps what was started; the status of the one that got furthest, -1 if nobody did. */
    private int reapAll() {
        int status = -1;
        if (stage0 > 0) {
            // Ours and not reaped: the pid cannot have been given to anybody else.
            LibC.kill(stage0, SIGKILL);
            status = LibC.waitFor(stage0).map(LibC.Waited::rawStatus).orElse(-1);
            stage0 = -1;
        }
        Fd handle = pidfd;
        if (handle != null) {
            LibC.pidfdSignal(handle.number(), SIGKILL);
            status = LibC.waitFor(pid).map(LibC.Waited::rawStatus).orElse(status);
            handle.close();
            pidfd = null;
        }
        return status;
    }

    /** A launch given up half-way: what stage0 has cloned by then is only known from a message not read yet. */
    private void giveUp(Fd control) {
        LibC.kill(stage0, SIGKILL);
        LibC.waitFor(stage0);
        stage0 = -1;
        Optional<LibC.Packet> packet = LibC.receive(control.number());
        while (packet.isPresent() && !packet.get().end()) {
            accept(packet.get());
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
