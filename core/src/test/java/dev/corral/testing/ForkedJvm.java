package dev.corral.testing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** Another JVM with Corral and the tests on its class path, for what can't be tried in this one. */
public final class ForkedJvm {
    private static final int FIRST_JDK_THAT_ASKS = 22;

    private ForkedJvm() {}

    /** The command line that runs a main class. */
    public static List<String> commandLine(Class<?> main, String... arguments) {
        List<String> line = new ArrayList<>();
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        line.add("-XX:TieredStopAtLevel=1");
        line.add("-Xshare:auto");
        if (Runtime.version().feature() >= FIRST_JDK_THAT_ASKS) {
            line.add("--enable-native-access=ALL-UNNAMED");
        }
        line.add("-cp");
        line.add(classPath(main));
        line.add(main.getName());
        line.addAll(List.of(arguments));
        return line;
    }

    /** Runs a main class to its end. */
    public static Result run(Class<?> main, String... arguments) throws IOException, InterruptedException {
        return run(new ProcessBuilder(commandLine(main, arguments)));
    }

    public static Result run(ProcessBuilder builder) throws IOException, InterruptedException {
        Process jvm = builder.redirectErrorStream(true).start();
        jvm.getOutputStream().close();
        String output = new String(jvm.getInputStream().readAllBytes(), UTF_8);
        return new Result(jvm.waitFor(), output);
    }

    /** What it printed, standard error included. */
    public record Result(int code, String output) {
        /** Fails with the output unless it exited with 0. */
        public Result ok() {
            assertThat(code).as(output).isZero();
            return this;
        }
    }

    /** Whether the tests run on the class path or the module path, these are all the places classes come from. */
    private static String classPath(Class<?> main) {
        Stream<String> places = Stream.of("java.class.path", "jdk.module.path")
                .map(name -> System.getProperty(name, ""))
                .flatMap(path -> Stream.of(path.split(File.pathSeparator, -1)))
                .filter(place -> !place.isEmpty());
        return Stream.concat(Stream.of(root(main)), places)
                .distinct()
                .reduce((a, b) -> a + File.pathSeparator + b)
                .orElseThrow();
    }

    /** The directory with the test classes, which patch a module and so stand on neither path. */
    private static String root(Class<?> main) {
        String file = main.getName().replace('.', '/') + ".class";
        String url = Objects.requireNonNull(main.getResource("/" + file)).getPath();
        return url.substring(0, url.length() - file.length());
    }
}
