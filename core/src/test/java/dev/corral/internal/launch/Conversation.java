package dev.corral.internal.launch;

import dev.corral.internal.linux.Fd;
import dev.corral.internal.linux.LibC;
import dev.corral.internal.linux.MemfdCalls;
import dev.corral.internal.linux.Packet;
import dev.corral.internal.linux.PollCalls;
import dev.corral.internal.linux.ProcessCalls;
import dev.corral.internal.linux.SocketCalls;
import dev.corral.internal.linux.SpawnCalls;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The real launcher, driven by hand: whatever is sent to it, its answers are kept and everybody is reaped at the end. */
final class Conversation implements AutoCloseable {
    private static final int SIGKILL = 9;
    private static final int PATIENCE_MILLIS = 30_000;

    private final Fds temporary = new Fds();
    private final Fd control;
    private final int stage0;
    private int cloned = -1;
    private boolean reaped;

    Conversation(LauncherImage image) {
        int[] pair = SocketCalls.socketPair();
        control = temporary.add(pair[0]);
        Fd theirs = temporary.add(LibC.duplicate(pair[1], 10));
        new Fd(pair[1]).close();
        stage0 = SpawnCalls.spawn(image.path(), "corral-launcher", theirs.number());
        theirs.close();
    }

    /**
     * How it went.
     *
     * @param answers all messages up to the end of file
     * @param statuses the raw wait statuses of stage0 and of what it cloned
     */
    record Outcome(List<LaunchMessage> answers, List<Integer> statuses) {
        /** The only answer, if it is an ERROR. */
        Optional<StepFailed> error() {
            return answers.size() == 1 && answers.get(0).type() == LaunchMessage.Type.ERROR
                    ? Optional.of(failure(answers.get(0)))
                    : Optional.empty();
        }

        private static StepFailed failure(LaunchMessage message) {
            return new StepFailed(
                    Step.at(message.number()).orElseThrow(),
                    Stage.numbered(message.stage()).orElseThrow(),
                    message.error(),
                    message.index(),
                    message.detail());
        }
    }

    /** Six descriptors as the launcher wants them: this file as plan, nothing as streams, two pipes. */
    int[] descriptors(byte[] plan) {
        Fd memory = temporary.add(MemfdCalls.memfd("test-plan", MemfdCalls.MFD_CLOEXEC | MemfdCalls.MFD_ALLOW_SEALING));
        LibC.writeAll(memory.number(), plan);
        int[] lifeline = LibC.pipe();
        int[] status = LibC.pipe();
        int nothing = LibC.open(Path.of("/dev/null"), LibC.O_RDWR);
        Stream.of(lifeline[0], lifeline[1], status[0], status[1], nothing).forEach(temporary::add);
        return new int[] {memory.number(), nothing, nothing, nothing, lifeline[0], status[1]};
    }

    void send(byte[] packet, int... descriptors) {
        SocketCalls.send(control.number(), packet, descriptors);
    }

    /** Listens to the end of file and reaps. */
    Outcome outcome() {
        List<LaunchMessage> answers = new ArrayList<>();
        while (true) {
            Optional<Packet> packet = SocketCalls.receive(control.number());
            if (packet.isEmpty()) {
                if (PollCalls.poll(control.number(), PollCalls.POLLIN, PATIENCE_MILLIS) == 0) {
                    throw new IllegalStateException("the launcher hangs after " + answers);
                }
                continue;
            }
            for (int descriptor : packet.get().descriptors()) {
                temporary.add(descriptor);
            }
            if (packet.get().end()) {
                return new Outcome(answers, reap());
            }
            LaunchMessage message = LaunchMessage.read(packet.get().bytes()).orElseThrow();
            cloned = message.type() == LaunchMessage.Type.PID ? message.number() : cloned;
            answers.add(message);
        }
    }

    /** Hangs up without a word, and waits for what the launcher makes of it. */
    Outcome hangUp() {
        control.close();
        return new Outcome(List.of(), reap());
    }

    /** Nobody is killed here: they have to end by themselves. What has made a session of its own is known by its pid. */
    private List<Integer> reap() {
        List<Integer> statuses = new ArrayList<>();
        for (int who : new int[] {stage0, cloned > 0 ? cloned : -stage0}) {
            ProcessCalls.waitFor(who).map(ProcessCalls.Waited::rawStatus).ifPresent(statuses::add);
        }
        reaped = true;
        return statuses;
    }

    @Override
    public void close() {
        if (!reaped) {
            ProcessCalls.kill(-stage0, SIGKILL);
            if (cloned > 0) {
                ProcessCalls.kill(cloned, SIGKILL);
            }
            reap();
        }
        temporary.close();
    }
}
