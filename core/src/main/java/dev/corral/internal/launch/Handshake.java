package dev.corral.internal.launch;

import dev.corral.internal.launch.LaunchBroken.How;
import dev.corral.internal.linux.Errno;
import dev.corral.internal.linux.ErrnoException;
import dev.corral.internal.linux.Fd;
import dev.corral.internal.linux.LibC;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One launch, from the spawn of stage0 to the end of file that means exec has succeeded. Used once, by one thread. */
final class Handshake {
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
        List<Fd> ours = new ArrayList<>();
        byte[] plan = request.plan()
                .bytes(ProcessHandle.current().pid(), request.groupV2().isPresent());
        if (plan.length > LaunchPlan.MOST_BYTES) {
            // Far beyond what execve takes: its answer, a little earlier.
            throw new StepFailed(
                    Step.EXEC,
                    Stage.PAYLOAD,
                    Errno.E2BIG,
                    0,
                    request.plan().programs().get(0));
        }
        try (Fd memory = new Fd(planMemory(plan))) {
            try (Fds temporary = new Fds()) {
                return launch(memory, plan.length, temporary, ours);
            } catch (RuntimeException | Error failed) {
                ours.forEach(Fd::close);
                endAll(memory);
                throw failed;
            }
        }
    }

    private Launched launch(Fd memory, int length, Fds temporary, List<Fd> ours) {
        int[] pair = LibC.socketPair();
        Fd control = temporary.add(pair[0]);
        Fd theirs = temporary.add(pair[1]);
        // Away from 3, where the spawn puts it: dup2 onto itself would leave close-on-exec set.
        Fd moved = temporary.add(LibC.duplicate(theirs.number(), 10));
        theirs.close();
        LibC.passCredentials(control.number());
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
        sendHello(control, length, descriptors);
        // The launcher's copies are in flight; ours would keep the pipes from ending.
        lifelineRead.close();
        statusWrite.close();

        converse(control);
        Fd handle = pidfd;
        if (!execing || handle == null) {
            throw new LaunchBroken(How.DIED, last, endOfDead(memory, ours.get(1)));
        }
        LibC.waitFor(stage0);
        return new Launched(pid, payload, handle, ours.get(0), ours.get(1));
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

    /** Rounded up: 0 or less only when the time is really up. */
    private long millisLeft() {
        return Math.floorDiv(deadline - System.nanoTime() + 999_999, 1_000_000);
    }

    private LaunchBroken givenUp() {
        return new LaunchBroken(pending.isCancelled() ? How.CANCELLED : How.TIMED_OUT, last, -1);
    }

    private void accept(LibC.Packet packet) {
        try (Fds received = new Fds(packet.descriptors())) {
            LaunchMessage message = LaunchMessage.read(packet.bytes()).orElseThrow(this::garbled);
            switch (message.type()) {
                case PID -> {
                    if (pid > 0 || message.number() <= 1 || packet.descriptors().length != 1) {
                        throw garbled();
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
                    // The first word counts: what follows is a consequence.
                    Step step = Step.at(message.number()).orElseThrow(this::garbled);
                    Stage stage = Stage.numbered(message.stage()).orElseThrow(this::garbled);
                    throw new StepFailed(step, stage, message.error(), message.index(), message.detail());
                }
                case HELLO -> throw garbled();
            }
        }
    }

    private LaunchBroken garbled() {
        return new LaunchBroken(How.GARBLED, last, -1);
    }

    /** The status of a set-up that died, before anything of ours can change it: init follows its payload by itself. */
    private int endOfDead(Fd memory, Fd status) {
        if (pidfd != null) {
            LibC.poll(pidfd.number(), LibC.POLLIN, DEATH_MILLIS);
        }
        int own = endAll(memory);
        return ExitRecord.read(status).map(LibC.Waited::rawStatus).orElse(own);
    }

    /**
     * Ends and reaps what was started.
     *
     * @return stage0's status unless it did its work, for then the child only followed it; else the child's; -1 if there is
     *     none to tell
     */
    private int endAll(Fd memory) {
        int status = -1;
        if (stage0 > 0) {
            status = reaper.end(stage0).orElse(-1);
            stage0 = -1;
            // Only now is it certain whether there is a child. Its PID may never have been sent, or wait unread.
            pid = childIn(memory);
        }
        if (pid > 0) {
            int own = reaper.end(pid).orElse(-1);
            status = status > 0 ? status : own;
            pid = -1;
        }
        if (pidfd != null) {
            pidfd.close();
            pidfd = null;
        }
        return status;
    }

    /** What the kernel wrote into the plan at the clone; 0 before that. */
    private static int childIn(Fd memory) {
        byte[] child = new byte[Integer.BYTES];
        LibC.pread(memory.number(), child, child.length, LaunchPlan.CHILD);
        return ByteBuffer.wrap(child).order(ByteOrder.nativeOrder()).getInt();
    }

    /** Where the launcher reads its plan, and the kernel writes the child's pid: of one size, and never to be executed. */
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
            LibC.seal(memory, LibC.SEAL_SIZE);
            return owner.release();
        } finally {
            owner.close();
        }
    }
}
