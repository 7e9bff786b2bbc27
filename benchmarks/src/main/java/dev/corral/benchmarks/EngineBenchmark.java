package dev.corral.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Queue, store, passes, whole planes and simulated worlds, each in a JVM of its own with a gibibyte of heap. */
final class EngineBenchmark {
    private static final int MINUTES = 3;

    void run(Page page) throws IOException, InterruptedException {
        List<Goal> goals = new ArrayList<>();
        for (EngineWorkload workload : EngineWorkload.values()) {
            List<String> lines = measured(workload);
            List<EngineWorkload.Bound> bounds = workload.bounds();
            for (int i = 0; i < bounds.size(); i++) {
                goals.add(
                        lines.size() == bounds.size()
                                ? bounds.get(i).goal(Double.parseDouble(lines.get(i)))
                                : Goal.unmeasured(bounds.get(i).what(), String.join(" ", lines)));
                System.out.println(goals.get(goals.size() - 1));
            }
        }
        page.put(
                "engine",
                List.of(Goal.table(goals)),
                "each in a JVM of its own with `-Xmx1g -XX:+UseSerialGC`, medians of 5 rounds after warm-up (B10: of 3; B3,"
                        + " B8, B11, B12, B16: once), B1 on one thread, B3, B4, B12, B13 and B17 by the thread's processor time, garbage"
                        + " collection apart, all others by the clock on the wall",
                List.of(),
                List.of());
    }

    /** One figure in a line; what it says instead if it fails or hangs. */
    private static List<String> measured(EngineWorkload workload) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx1g",
                        "-XX:+UseSerialGC",
                        "-Djol.magicFieldOffset=true",
                        "-Dorg.slf4j.simpleLogger.defaultLogLevel=error",
                        "-classpath",
                        System.getProperty("java.class.path", ""),
                        EngineWorkload.class.getName(),
                        workload.name())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
            process.destroyForcibly().waitFor();
            return List.of("longer than " + MINUTES + " minutes", "");
        }
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return process.exitValue() == 0
                ? output.lines().filter(line -> !line.startsWith("#")).toList() // JOL's complaints
                : List.of("it failed with exit code " + process.exitValue(), output.strip(), "");
    }
}
