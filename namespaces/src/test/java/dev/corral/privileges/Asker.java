package dev.corral.privileges;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.corral.internal.linux.Fd;
import dev.corral.internal.linux.Packet;
import dev.corral.internal.linux.PollCalls;
import dev.corral.internal.linux.ProcessCalls;
import dev.corral.internal.linux.SocketCalls;
import dev.corral.internal.linux.SpawnCalls;
import java.nio.file.Path;
import java.util.Optional;

/** A process under a filter that asks; it makes the calls that a test tells it to. */
final class Asker implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 30_000;

    private final Fd socket;
    private final int pid;
    private final int listener;

    private Asker(Fd socket, int pid, int listener) {
        this.socket = socket;
        this.pid = pid;
        this.listener = listener;
    }

    static Asker start(Path program, SeccompProgram filter) {
        int[] ends = SocketCalls.socketPair();
        Fd ours = new Fd(ends[0]);
        int pid;
        try (Fd theirs = new Fd(ends[1])) {
            pid = SpawnCalls.spawn(program, "asker", theirs.number());
        }
        SocketCalls.send(ours.number(), filter.bytes(), new int[0]);
        Packet answer = next(ours.number());
        assertThat(answer.descriptors()).hasSize(1);
        return new Asker(ours, pid, answer.descriptors()[0]);
    }

    int pid() {
        return pid;
    }

    /** The listener's descriptor, for one owner. */
    int listener() {
        return listener;
    }

    /** Makes a call; what it returned, an error code negative. Arguments are {@code n} and a number, or {@code s} and a text. */
    long call(String name, String... arguments) {
        ask(name, arguments);
        return answer();
    }

    void ask(String name, String... arguments) {
        int number = Architecture.current().syscalls().number(name).orElseThrow();
        String all = number + (arguments.length == 0 ? "" : " " + String.join(" ", arguments));
        SocketCalls.send(socket.number(), all.getBytes(UTF_8), new int[0]);
    }

    long answer() {
        return Long.parseLong(new String(next(socket.number()).bytes(), UTF_8));
    }

    private static Packet next(int socket) {
        assertThat(PollCalls.poll(socket, PollCalls.POLLIN, PATIENCE_MILLIS))
                .as("an answer")
                .isNotZero();
        Optional<Packet> packet = SocketCalls.receive(socket);
        return packet.orElseThrow();
    }

    void kill() {
        ProcessCalls.kill(pid, 9);
    }

    /** It ends with its socket. */
    @Override
    public void close() {
        socket.close();
        ProcessCalls.waitFor(pid);
    }
}
