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

    /** Keeps what is written, up to a bound; the payload is ended at the first byte more. */
    private static final class Kept implements Pump.Sink {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final long most;
        private final Child child;
        private volatile boolean tooMuch;

        Kept(ByteSize most, Child child) {
            this.most = most.bytes();
            this.child = child;
        }

        @Override
        public void take(byte[] chunk, int count) {
            if (bytes.size() + (long) count > most) {
                tooMuch = true;
                child.destroyForcibly();
            } else if (!tooMuch) {
                bytes.write(chunk, 0, count);
            }
        }
    }

    static Result of(Command command, Launcher launcher) throws InterruptedException {
        ByteSize most = command.manner().mostOutput();
        try (Child child = Start.of(command, launcher)) {
            Kept output = new Kept(most, child);
            Kept error = new Kept(most, child);
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
            if (output.tooMuch || error.tooMuch) {
                throw new OutputTooLarge(command, output.tooMuch ? "output" : "error", most);
            }
            return new Result(
                    command, exit, new Output(output.bytes.toByteArray()), new Output(error.bytes.toByteArray()));
        }
    }

    private static Optional<Pump> pump(InputStream stream, Kept kept) {
        return stream instanceof PipeInput pipe ? Optional.of(new Pump(pipe, kept)) : Optional.empty();
    }
}
