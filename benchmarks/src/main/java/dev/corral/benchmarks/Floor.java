package dev.corral.benchmarks;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A C program that does one operation, with nothing between it and the kernel, round after round. */
final class Floor implements AutoCloseable {
    private final Process process;
    private final BufferedReader answers;
    private final BufferedWriter questions;

    /**
     * Starts floor.c, which makes given system calls; it waits for {@link #rounds}.
     *
     * @param list a file for the calls, which is written
     * @param calls one line each
     */
    Floor(Path program, Path list, List<String> calls) throws IOException {
        this(program, Files.write(list, calls).toString());
    }

    /** Starts another one; it waits for {@link #rounds}. */
    Floor(Path program, String... arguments) throws IOException {
        List<String> line = new ArrayList<>(List.of(program.toString()));
        line.addAll(List.of(arguments));
        process = new ProcessBuilder(line)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        answers = process.inputReader();
        questions = process.outputWriter();
    }

    /** Makes some rounds; how many nanoseconds one takes, as their median. */
    long rounds(int times) throws IOException {
        questions.write(times + "\n");
        questions.flush();
        String answer = answers.readLine();
        if (answer == null) {
            throw new IllegalStateException("the floor has ended");
        }
        return Long.parseLong(answer);
    }

    Candidate candidate(String name, int times) {
        return new Candidate(name, () -> rounds(times));
    }

    @Override
    public void close() throws IOException {
        questions.close();
        answers.close();
        process.destroy();
    }
}
