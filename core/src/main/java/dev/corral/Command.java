package dev.corral;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A program with its arguments and everything that shall hold for it; immutable, so that one value can be started often and
 * by many threads at once.
 */
public final class Command {
    private final List<String> arguments;
    private final Environment environment;
    private final Optional<Path> directory;
    private final Streams streams;
    private final List<Confinement> confinements;

    private Command(
            List<String> arguments,
            Environment environment,
            Optional<Path> directory,
            Streams streams,
            List<Confinement> confinements) {
        this.arguments = arguments;
        this.environment = environment;
        this.directory = directory;
        this.streams = streams;
        this.confinements = confinements;
    }

    record Streams(Stdio input, Stdio output, Stdio error, boolean errorIntoOutput) {
        static final Streams PIPES = new Streams(Stdio.pipe(), Stdio.pipe(), Stdio.pipe(), false);
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
        return new Command(all, Environment.empty(), Optional.empty(), Streams.PIPES, List.of());
    }

    /** With one more environment variable. */
    public Command env(String name, String value) {
        return environment(environment.with(name, value));
    }

    /** With another environment instead of the present one. */
    public Command environment(Environment other) {
        return new Command(arguments, other, directory, streams, confinements);
    }

    /** With a working directory, as the child sees it; relative ones start at the JVM's. */
    public Command directory(Path path) {
        return new Command(arguments, environment, Optional.of(path), streams, confinements);
    }

    /** With another source of standard input. */
    public Command input(Stdio stdio) {
        if (stdio instanceof Stdio.ToFile) {
            throw new IllegalArgumentException("standard input can't be " + stdio + ": use fromFile");
        }
        return streams(new Streams(stdio, streams.output, streams.error, streams.errorIntoOutput));
    }

    /** With another target of standard output. */
    public Command output(Stdio stdio) {
        return streams(new Streams(streams.input, written(stdio), streams.error, streams.errorIntoOutput));
    }

    /** With another target of standard error. */
    public Command error(Stdio stdio) {
        return streams(new Streams(streams.input, streams.output, written(stdio), false));
    }

    /** With standard error going wherever standard output goes, in the order of the writes. */
    public Command errorIntoOutput() {
        return streams(new Streams(streams.input, streams.output, Stdio.nothing(), true));
    }

    /** With one more confinement; they are prepared in the order in which they were added. */
    public Command with(Confinement confinement) {
        List<Confinement> more = new ArrayList<>(confinements);
        more.add(confinement);
        return new Command(arguments, environment, directory, streams, List.copyOf(more));
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

    public List<String> arguments() {
        return arguments;
    }

    public Environment environment() {
        return environment;
    }

    /** The working directory; empty for the JVM's. */
    public Optional<Path> directory() {
        return directory;
    }

    public List<Confinement> confinements() {
        return confinements;
    }

    Streams streams() {
        return streams;
    }

    private Command streams(Streams other) {
        return new Command(arguments, environment, directory, other, confinements);
    }

    private static Stdio written(Stdio stdio) {
        if (stdio instanceof Stdio.FromFile) {
            throw new IllegalArgumentException("output can't be " + stdio + ": use toFile or appendTo");
        }
        return stdio;
    }

    /** The arguments, each in quotes if it has a blank or is empty; the environment may hold secrets and is not shown. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (String argument : arguments) {
            text.append(text.isEmpty() ? "" : " ");
            text.append(argument.isEmpty() || argument.contains(" ") ? "\"" + argument + "\"" : argument);
        }
        return text.toString();
    }
}
