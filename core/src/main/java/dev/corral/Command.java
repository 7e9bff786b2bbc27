package dev.corral;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A program with its arguments and everything that shall hold for it; immutable, so that one value can be started often and
 * by many threads at once.
 */
public final class Command {
    private static final int MOST_DESCRIPTOR = 65_535;
    private static final int MOST_UMASK = 0777;
    private static final int MOST_SHOWN = 1000;
    private static final Duration GRACE = Duration.ofSeconds(5);

    private final List<String> arguments;
    private final Environment environment;
    private final Optional<Path> directory;
    private final Streams streams;
    private final Manner manner;
    private final List<Confinement> confinements;

    private Command(
            List<String> arguments,
            Environment environment,
            Optional<Path> directory,
            Streams streams,
            Manner manner,
            List<Confinement> confinements) {
        this.arguments = arguments;
        this.environment = environment;
        this.directory = directory;
        this.streams = streams;
        this.manner = manner;
        this.confinements = confinements;
    }

    /** Where the standard streams lead, unless they are a terminal, and which other descriptors there are. */
    record Streams(
            Stdio input,
            Stdio output,
            Stdio error,
            boolean errorIntoOutput,
            Optional<Terminal.Size> terminal,
            Map<Integer, Stdio> descriptors) {
        static final Streams PIPES =
                new Streams(Stdio.pipe(), Stdio.pipe(), Stdio.pipe(), false, Optional.empty(), Map.of());

        /** Whether they are of use only as long as the JVM is there. */
        boolean leadToTheJvm() {
            return terminal.isPresent()
                    || Stream.of(input, output, error)
                            .anyMatch(each -> each instanceof Stdio.Pipe || each instanceof Stdio.Lines);
        }

        Streams with(Stdio newInput, Stdio newOutput, Stdio newError, boolean merged) {
            return new Streams(newInput, newOutput, newError, merged, Optional.empty(), descriptors);
        }
    }

    /** The rest of what holds for its process, and how much of it is waited for and kept. */
    record Manner(OptionalInt umask, Optional<TimeLimit> timeLimit, ByteSize mostOutput, Lifetime lifetime) {
        static final Manner USUAL =
                new Manner(OptionalInt.empty(), Optional.empty(), ByteSize.mebibytes(8), Lifetime.JVM);
    }

    /** Whether it ends with the JVM, and where its end is written down if not. */
    record Lifetime(boolean outlivesJvm, Optional<Path> exitRecord) {
        static final Lifetime JVM = new Lifetime(false, Optional.empty());
    }

    /**
     * A command with an empty environment, the JVM's working directory, and pipes as standard streams.
     *
     * @param program a path if it has a slash, relative ones starting at the child's working directory; else a name to look
     *     for in the {@code PATH} of the command's environment, or in {@code /usr/local/bin:/usr/bin:/bin} where that is not
     *     set
     */
    public static Command of(String program, String... arguments) {
        List<String> all = new ArrayList<>();
        all.add(program);
        all.addAll(List.of(arguments));
        return of(all);
    }

    /**
     * The same with program and arguments as one list. An empty list, an empty program, a NUL and a text of more than 131,071
     * bytes are IllegalArgumentExceptions.
     */
    public static Command of(List<String> programAndArguments) {
        List<String> all = List.copyOf(programAndArguments);
        if (all.isEmpty() || all.get(0).isEmpty()) {
            throw new IllegalArgumentException("a command needs a program");
        }
        for (int i = 0; i < all.size(); i++) {
            Texts.check(i == 0 ? "program" : "argument " + i, all.get(i));
        }
        return new Command(all, Environment.empty(), Optional.empty(), Streams.PIPES, Manner.USUAL, List.of());
    }

    /** With one more environment variable. */
    public Command env(String name, String value) {
        return environment(environment.with(name, value));
    }

    /** With another environment instead of the present one. */
    public Command environment(Environment other) {
        return new Command(arguments, other, directory, streams, manner, confinements);
    }

    /** With a working directory, as the child sees it; relative ones start at the JVM's. */
    public Command directory(Path path) {
        return new Command(arguments, environment, Optional.of(path), streams, manner, confinements);
    }

    /** With another source of standard input. */
    public Command input(Stdio stdio) {
        if (stdio instanceof Stdio.ToFile || stdio instanceof Stdio.Lines) {
            throw new IllegalArgumentException("standard input can't be " + stdio + ": use fromFile");
        }
        return streams(streams.with(stdio, streams.output, streams.error, streams.errorIntoOutput));
    }

    /** With another target of standard output. */
    public Command output(Stdio stdio) {
        return streams(streams.with(streams.input, written(stdio), streams.error, streams.errorIntoOutput));
    }

    /** With another target of standard error. */
    public Command error(Stdio stdio) {
        return streams(streams.with(streams.input, streams.output, written(stdio), false));
    }

    /** With standard error going wherever standard output goes, in the order of the writes. */
    public Command errorIntoOutput() {
        return streams(streams.with(streams.input, streams.output, Stdio.nothing(), true));
    }

    /**
     * With a terminal of its own as all three standard streams, which is the controlling terminal of its session; {@link
     * Child#terminal()} is the other end. It takes the place of what was said of the streams.
     */
    public Command terminal(Terminal.Size size) {
        return streams(new Streams(
                Stdio.nothing(), Stdio.nothing(), Stdio.nothing(), false, Optional.of(size), streams.descriptors));
    }

    /**
     * With one more open descriptor, besides the three standard streams. All others of the JVM stay closed to it.
     *
     * @param number as the program has it, 3 to 65,535
     * @param stdio anything but a pipe
     */
    public Command descriptor(int number, Stdio stdio) {
        if (number < 3 || number > MOST_DESCRIPTOR) {
            throw new IllegalArgumentException("descriptor " + number + ": it lies between 3 and " + MOST_DESCRIPTOR);
        }
        if (stdio instanceof Stdio.Pipe || stdio instanceof Stdio.Inherit || stdio instanceof Stdio.Lines) {
            throw new IllegalArgumentException("descriptor " + number + " can't be " + stdio
                    + ": use a file, nothing, or a descriptor of the JVM");
        }
        Map<Integer, Stdio> more = new TreeMap<>(streams.descriptors);
        more.put(number, stdio);
        return streams(new Streams(
                streams.input,
                streams.output,
                streams.error,
                streams.errorIntoOutput,
                streams.terminal,
                Collections.unmodifiableMap(more)));
    }

    /** With these permission bits taken from the files it creates, 0 to 0777; without it the JVM's mask is in force. */
    public Command umask(int mask) {
        if (mask < 0 || mask > MOST_UMASK) {
            throw new IllegalArgumentException("umask " + Integer.toOctalString(mask) + ": it lies between 0 and 777");
        }
        return manner(new Manner(OptionalInt.of(mask), manner.timeLimit, manner.mostOutput, manner.lifetime));
    }

    /**
     * With a time after which it is ended, from its start on: it gets SIGTERM, and SIGKILL 5 s later. Its end tells {@link
     * Cause.TimedOut} then.
     *
     * @param limit more than nothing
     */
    public Command timeLimit(Duration limit) {
        return timeLimit(limit, GRACE);
    }

    /**
     * The same with another time between the two signals.
     *
     * @param grace may be nothing
     */
    public Command timeLimit(Duration limit, Duration grace) {
        return manner(
                new Manner(manner.umask, Optional.of(new TimeLimit(limit, grace)), manner.mostOutput, manner.lifetime));
    }

    /** With another bound for what {@link #run} keeps of each of the two outputs; without it 8 MiB. */
    public Command mostOutput(ByteSize bytes) {
        return manner(new Manner(manner.umask, manner.timeLimit, bytes, manner.lifetime));
    }

    /**
     * Lets it go on when the JVM ends, however that comes; {@link Child#id} is what another JVM finds it again by. Until then
     * nobody ends it but itself: what is lost sight of runs for ever. Its streams have to lead to files or nowhere. What the
     * JVM did for it ends with the JVM: its time limit, published ports, a program that connects its network; its control
     * group stays behind.
     */
    public Command outliveJvm() {
        return outliveJvm(Optional.empty());
    }

    /**
     * The same, and how it ended is found in a file afterwards, by {@link Exit#recorded}, also when no JVM was there to see it:
     * the init writes it there, so it has to have a pid namespace of its own. If the init is killed nothing is written.
     *
     * @param exitRecord is made or emptied at the start, with mode 0600
     */
    public Command outliveJvm(Path exitRecord) {
        return outliveJvm(Optional.of(exitRecord));
    }

    private Command outliveJvm(Optional<Path> exitRecord) {
        Lifetime lifetime = new Lifetime(true, exitRecord);
        return manner(new Manner(manner.umask, manner.timeLimit, manner.mostOutput, lifetime));
    }

    /**
     * Leaves no_new_privs off, which is on otherwise: the program may gain privileges by setuid files and file
     * capabilities. Source: PR_SET_NO_NEW_PRIVS(2const).
     */
    public Command allowNewPrivileges() {
        return with(Launch::allowNewPrivileges);
    }

    /** With one more confinement; they are prepared in the order in which they were added. */
    public Command with(Confinement confinement) {
        List<Confinement> more = new ArrayList<>(confinements);
        more.add(confinement);
        return new Command(arguments, environment, directory, streams, manner, List.copyOf(more));
    }

    /**
     * Starts it and returns once the program itself runs: a program that can't be executed is an exception here, not an
     * exit code. A launch takes a few milliseconds, and 10 s at most. The child belongs to the caller, who closes it.
     *
     * @throws LaunchException if a step of the launch failed; nothing is left of it then: no process, descriptor or group
     * @throws CorralException if a confinement can't be enforced here
     */
    public Child start() {
        return Start.of(this, SharedLauncher.get());
    }

    /**
     * Sets everything up but does not run the program yet: namespaces, files, groups are there, and {@link Child#start()}
     * goes on. Closing the child instead leaves nothing.
     *
     * @throws LaunchException as {@link #start} does
     */
    public Child create() {
        return Start.created(this, SharedLauncher.get());
    }

    /**
     * Starts it, waits for its end, and answers with that and with what it wrote to its pipes. A pipe as its input is at its
     * end at once. What it leaves running behind it is not waited for.
     *
     * @throws OutputTooLarge if it writes more than {@link #mostOutput}, for which it is killed: half an output could be
     *     taken for a whole one
     * @throws LaunchException as {@link #start} does
     * @throws InterruptedException if the thread is interrupted; the program has been killed then
     */
    public Result run() throws InterruptedException {
        return Run.of(this, SharedLauncher.get());
    }

    /** The same with a {@link #timeLimit(Duration)}. */
    public Result run(Duration limit) throws InterruptedException {
        return timeLimit(limit).run();
    }

    /** The program and its arguments; never empty. */
    public List<String> arguments() {
        return arguments;
    }

    /** All that the program finds in its environment. */
    public Environment environment() {
        return environment;
    }

    /** The working directory; empty for the JVM's. */
    public Optional<Path> directory() {
        return directory;
    }

    Manner manner() {
        return manner;
    }

    Map<Integer, Stdio> descriptors() {
        return streams.descriptors;
    }

    /** What restricts it, in the order in which it was added. */
    public List<Confinement> confinements() {
        return confinements;
    }

    Streams streams() {
        return streams;
    }

    private Command manner(Manner other) {
        return new Command(arguments, environment, directory, streams, other, confinements);
    }

    private Command streams(Streams other) {
        return new Command(arguments, environment, directory, other, manner, confinements);
    }

    private static Stdio written(Stdio stdio) {
        if (stdio instanceof Stdio.FromFile) {
            throw new IllegalArgumentException("output can't be " + stdio + ": use toFile or appendTo");
        }
        return stdio;
    }

    /**
     * The arguments, each in quotes if it has a blank or is empty; of long ones the beginning, for this stands in messages.
     * The environment may hold secrets and is not shown.
     */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (String argument : arguments) {
            text.append(text.isEmpty() ? "" : " ");
            text.append(argument.isEmpty() || argument.contains(" ") ? "\"" + argument + "\"" : argument);
            if (text.length() > MOST_SHOWN) {
                int end = text.offsetByCodePoints(0, text.codePointCount(0, MOST_SHOWN));
                return text.substring(0, end) + "… (" + arguments.size() + " arguments)";
            }
        }
        return text.toString();
    }
}
