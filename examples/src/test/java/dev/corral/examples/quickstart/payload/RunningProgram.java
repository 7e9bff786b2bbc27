package dev.corral.examples.quickstart.payload;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A program of this package as a child JVM; closing it kills it. */
final class RunningProgram implements AutoCloseable {
    private static final Duration LONG = Duration.ofMinutes(1);

    private final Process process;
    private final BufferedReader output;

    private RunningProgram(Process process) {
        this.process = process;
        this.output = process.inputReader(UTF_8);
    }

    static RunningProgram start(Class<?> main, Map<String, String> environment, String... arguments)
            throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData", "-Xmx64m"));
        command.addAll(List.of("-XX:MaxDirectMemorySize=1g", "-cp", System.getProperty("java.class.path")));
        command.add(main.getName());
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        return new RunningProgram(builder.start());
    }

    String line() throws IOException {
        String line = output.readLine();
        if (line == null) {
            throw new IOException("the program ended its output");
        }
        return line;
    }

    List<String> remainingLines() {
        return output.lines().toList();
    }

    /** Sends SIGTERM, and leaves the streams open, which {@link Process#destroy()} does not. */
    void terminate() {
        process.toHandle().destroy();
    }

    long pid() {
        return process.pid();
    }

    int exitCode() throws InterruptedException {
        if (!process.waitFor(LONG.toSeconds(), TimeUnit.SECONDS)) {
            throw new IllegalStateException("still runs after " + LONG);
        }
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
