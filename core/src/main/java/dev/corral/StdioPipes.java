package dev.corral;

import dev.corral.internal.launch.PipeInput;
import dev.corral.internal.launch.PipeOutput;
import dev.corral.internal.linux.Fd;
import dev.corral.internal.linux.LibC;
import dev.corral.internal.linux.Poller;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The standard streams of one launch: the payload's ends, closed once it has them, and the JVM's ends. */
final class StdioPipes implements AutoCloseable {
    private static final Path NULL = Path.of("/dev/null");
    private static final int CREATE_MODE = 0666;

    /**
     * What the child object reads and writes; a stream that is no pipe is at its end, or swallows.
     *
     * @param pumps read the pipes that have consumers of their own
     */
    record Streams(OutputStream input, InputStream output, InputStream error, List<Pump> pumps) {
        /** Closes the three; what failed. */
        List<IOException> close() {
            List<IOException> failures = new ArrayList<>();
            for (Closeable stream : List.of(output, error, input)) {
                try {
                    stream.close();
                } catch (IOException failed) {
                    failures.add(failed);
                }
            }
            return failures;
        }
    }

    private final Command command;
    private final List<Fd> payload = new ArrayList<>();
    private final List<Optional<Fd>> own = new ArrayList<>();

    private StdioPipes(Command command) {
        this.command = command;
    }

    static StdioPipes open(Command command) {
        Command.Streams streams = command.streams();
        StdioPipes pipes = new StdioPipes(command);
        try {
            pipes.add(streams.input(), 0);
            pipes.add(streams.output(), 1);
            if (streams.errorIntoOutput()) {
                pipes.own.add(Optional.empty());
                pipes.payload.add(new Fd(LibC.duplicate(pipes.payload.get(1).number(), 3)));
            } else {
                pipes.add(streams.error(), 2);
            }
            return pipes;
        } catch (RuntimeException | Error failed) {
            pipes.close();
            throw failed;
        }
    }

    private void add(Stdio stdio, int number) {
        if (stdio instanceof Stdio.Pipe || stdio instanceof Stdio.Lines) {
            int[] pipe = LibC.pipe();
            payload.add(new Fd(pipe[number == 0 ? 0 : 1]));
            own.add(Optional.of(new Fd(pipe[number == 0 ? 1 : 0])));
            return;
        }
        payload.add(open(stdio, number, number == 0 ? LibC.O_RDONLY : LibC.O_WRONLY));
        own.add(Optional.empty());
    }

    /** A descriptor that is none of the standard streams. */
    static Fd openPassed(Stdio stdio) {
        return open(stdio, 0, LibC.O_RDWR);
    }

    private static Fd open(Stdio stdio, int inherited, int nothing) {
        if (stdio instanceof Stdio.Inherit) {
            return new Fd(LibC.duplicate(inherited, 3));
        }
        if (stdio instanceof Stdio.Descriptor descriptor) {
            return new Fd(LibC.duplicate(descriptor.number(), 3));
        }
        if (stdio instanceof Stdio.ToFile file) {
            int flags = LibC.O_WRONLY | LibC.O_CREAT | (file.append() ? LibC.O_APPEND : LibC.O_TRUNC);
            return new Fd(LibC.open(file.file(), flags, CREATE_MODE));
        }
        if (stdio instanceof Stdio.FromFile file) {
            return new Fd(LibC.open(file.file(), LibC.O_RDONLY));
        }
        return new Fd(LibC.open(NULL, nothing));
    }

    /** Gives the pipes to whoever the payload is going to be, so that it can open /dev/stdout. Takes CAP_CHOWN. */
    void giveTo(long user, long group) {
        for (int i = 0; i < own.size(); i++) {
            if (own.get(i).isPresent()) {
                LibC.chown(payload.get(i).number(), user, group);
            }
        }
    }

    List<Integer> payloadEnds() {
        return payload.stream().map(Fd::number).toList();
    }

    /** The JVM's ends, as streams. */
    Streams streams(Poller poller) {
        List<Pump> pumps = new ArrayList<>();
        return new Streams(
                own.get(0)
                        .<OutputStream>map(fd -> new PipeOutput(fd, poller))
                        .orElseGet(OutputStream::nullOutputStream),
                input(command.streams().output(), own.get(1), poller, pumps),
                input(command.streams().error(), own.get(2), poller, pumps),
                pumps);
    }

    /** One terminal as both. The streams have copies of their own of its descriptor. */
    static Streams terminal(Fd master, Poller poller) {
        List<Fd> copies = new ArrayList<>();
        try {
            copies.add(new Fd(LibC.duplicate(master.number(), 3)));
            copies.add(new Fd(LibC.duplicate(master.number(), 3)));
            return new Streams(
                    new PipeOutput(copies.get(0), poller),
                    PipeInput.ofTerminal(copies.get(1), poller),
                    InputStream.nullInputStream(),
                    List.of());
        } catch (RuntimeException | Error failed) {
            copies.forEach(Fd::close);
            throw failed;
        }
    }

    /** Leaves the JVM's ends to the streams. */
    void handOver() {
        own.clear();
    }

    private InputStream input(Stdio stdio, Optional<Fd> fd, Poller poller, List<Pump> pumps) {
        if (fd.isEmpty()) {
            return InputStream.nullInputStream();
        }
        PipeInput pipe = new PipeInput(fd.get(), poller);
        if (stdio instanceof Stdio.Lines lines) {
            pumps.add(new Pump(pipe, new LineCutter(command.toString(), lines.consumer())));
            return InputStream.nullInputStream();
        }
        return pipe;
    }

    @Override
    public void close() {
        payload.forEach(Fd::close);
        own.forEach(fd -> fd.ifPresent(Fd::close));
    }
}
