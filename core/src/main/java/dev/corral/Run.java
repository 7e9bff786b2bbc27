package dev.corral;

import dev.corral.internal.launch.Launcher;
import dev.corral.internal.launch.PipeInput;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One command from its start to its end, and what it wrote meanwhile. */
final class Run {
    private Run() {}

    /** Keeps what is written, up to a bound and as far as there is memory; the payload is ended at the first byte more. */
    private static final class Kept implements Pump.Sink {
        private final String name;
        private final ByteSize most;
        private final Child child;
        private ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private volatile Optional<OutputTooLarge> tooLarge = Optional.empty();

        Kept(String name, ByteSize most, Child child) {
            this.name = name;
            this.most = most;
            this.child = child;
        }

        @Override
        public void take(byte[] chunk, int count) {
            if (tooLarge.isPresent()) {
                return;
            }
            if (bytes.size() + (long) count > most.bytes()) {
                end(new OutputTooLarge(child.command(), name, most));
                return;
            }
            try {
                bytes.write(chunk, 0, count);
            } catch (OutOfMemoryError full) { // nobody would read on, and the payload would wait for that
                bytes = new ByteArrayOutputStream();
                end(new OutputTooLarge(child.command(), name, full));
            }
        }

        private void end(OutputTooLarge why) {
            tooLarge = Optional.of(why);
            child.destroyForcibly();
        }

        Output output() {
            tooLarge.ifPresent(why -> {
                throw why;
            });
            return new Output(bytes.toByteArray());
        }
    }

    static Result of(Command command, Launcher launcher) throws InterruptedException {
        ByteSize most = command.manner().mostOutput();
        try (Child child = Start.of(command, launcher)) {
            Kept output = new Kept("output", most, child);
            Kept error = new Kept("error", most, child);
            List<Pump> pumps = new ArrayList<>();
            pump(child.getInputStream(), output).ifPresent(pumps::add);
            pump(child.getErrorStream(), error).ifPresent(pumps::add);
            pumps.forEach(pump -> pump.start(launcher.outputs()));
            child.closeInput();
            Exit exit = child.await();
            // What it has written is in the pipe by now; somebody whom it has left behind may hold that open for ever.
            for (Pump pump : pumps) {
                pump.drain(Optional.empty());
            }
            return new Result(command, exit, output.output(), error.output());
        }
    }

    private static Optional<Pump> pump(InputStream stream, Kept kept) {
        return stream instanceof PipeInput pipe ? Optional.of(new Pump(pipe, kept)) : Optional.empty();
    }
}
