package dev.corral.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The machine, as far as it matters to how long a launch takes. */
final class Host {
    private Host() {}

    static List<String> describe() throws IOException {
        String processor = Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
                .filter(line -> line.startsWith("model name"))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst()
                .orElse(System.getProperty("os.arch", "an unknown processor"));
        String load = Files.readString(Path.of("/proc/loadavg")).split(" ", 2)[0];
        return List.of(
                "Linux " + System.getProperty("os.version"),
                Runtime.getRuntime().availableProcessors() + " processors, " + processor,
                "load " + load + " at the end",
                "JDK " + Runtime.version());
    }
}
