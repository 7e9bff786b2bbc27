package dev.corral.reconcile.plane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corral.reconcile.Event;
import dev.corral.reconcile.workload.Pod;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** JVMs that are killed at any moment while they start and end containers: nothing is ever there twice, and nothing is lost. */
class KilledStartsTest {
    /** As many as {@code -Dkills=100} says where there is time. */
    private static final int ROUNDS = Integer.getInteger("kills", 8);

    private static final int PODS = 6;
    private static final long SEED = 50;
    private static final Duration LONG = Duration.ofSeconds(60);
    /** Some of its starts and ends fall into it. */
    private static final int WINDOW_MILLIS = 250;

    @TempDir
    private Path state;

    private final String mark = "8" + ThreadLocalRandom.current().nextInt(1_000_000, 9_999_999);

    @Test
    @Timeout(300)
    void nothingIsDoubledAndNothingIsLost() throws Exception {
        Random random = new Random(SEED);
        int survivors = 0;
        for (int round = 0; round < ROUNDS; round++) {
            long nanos = random.nextInt(WINDOW_MILLIS * 1000) * 1000L;
            try (OtherPlane plane = OtherPlane.begin(Main.class, state.toString(), mark)) {
                plane.ready();
                LockSupport.parkNanos(nanos); // the moment of the kill is what is tried
            }
            survivors += settled(round, nanos);
        }
        assertThat(survivors).as("something has survived at all").isPositive();
        try (ControlPlane plane = ControlPlane.local().adopt(state).start()) {
            Map<String, Long> before = settledNow();
            before.keySet().removeIf(this::leaving); // what was being ended is ended
            for (int number = 0; number < PODS; number++) {
                Pod pod = pod(number, mark);
                plane.apply(pod);
                assertThat(plane.await(pod, Pod::ready, LONG)).isPresent();
            }
            Awaitility.await()
                    .atMost(LONG)
                    .untilAsserted(() -> assertThat(running()).hasSize(PODS));
            assertThat(settledNow()).as("taken over").containsAllEntriesOf(before);
            assertThat(plane.events().stream().filter(event -> event.reason().equals("TakenOver")))
                    .hasSameSizeAs(before.keySet());
            assertThat(plane.events()).extracting(Event::reason).doesNotContain("Failed");
        }
        Awaitility.await()
                .atMost(LONG)
                .untilAsserted(() -> assertThat(running()).isEmpty());
        try (Stream<Path> files = Files.walk(state.resolve("pods"))) {
            assertThat(files.filter(Files::isRegularFile)).isEmpty();
        }
    }

    /** How many run, once those have ended that waited for their JVM. */
    private int settled(int round, long nanos) {
        Awaitility.await("round " + round + ", killed after " + nanos + " ns")
                .atMost(LONG)
                .untilAsserted(() -> {
                    List<String> pods =
                            running().stream().map(Map.Entry::getValue).toList();
                    assertThat(pods).doesNotHaveDuplicates();
                    assertThat(recorded()).containsAll(pods);
                });
        return running().size();
    }

    private Map<String, Long> settledNow() {
        return running().stream()
                .collect(Collectors.toMap(Map.Entry::getValue, Map.Entry::getKey, (one, other) -> one, TreeMap::new));
    }

    private boolean leaving(String pod) {
        return Files.exists(state.resolve("pods/default").resolve(pod).resolve(".leaving"));
    }

    private List<String> recorded() throws IOException {
        Path pods = state.resolve("pods/default");
        if (!Files.isDirectory(pods)) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(pods)) {
            return all.filter(pod -> Files.exists(pod.resolve("main/run")))
                    .map(pod -> String.valueOf(pod.getFileName()))
                    .toList();
        }
    }

    /** Each program with the name of its pod. */
    private List<Map.Entry<Long, String>> running() {
        try (Stream<ProcessHandle> all = ProcessHandle.allProcesses()) {
            Map<Long, String> found = new TreeMap<>();
            all.filter(process -> process.info()
                            .arguments()
                            .filter(words -> words.length == 1 && words[0].equals(mark))
                            .isPresent())
                    .forEach(process -> host(process.pid()).forEach(host -> found.put(process.pid(), host)));
            return List.copyOf(found.entrySet());
        }
    }

    private static Stream<String> host(long pid) {
        try {
            String variables = Files.readString(Path.of("/proc/" + pid + "/environ"), StandardCharsets.UTF_8);
            return Stream.of(variables.split("\0", -1))
                    .filter(variable -> variable.startsWith("HOSTNAME="))
                    .map(variable -> variable.substring("HOSTNAME=".length()));
        } catch (IOException gone) {
            return Stream.empty();
        }
    }

    private static Pod pod(int number, String mark) {
        return Pod.named("pod-" + number)
                .terminationGracePeriod(Duration.ofMillis(100))
                .container(c -> c.command("sleep", mark));
    }

    /** Starts and ends containers until it is killed. */
    static final class Main {
        private Main() {}

        /** A state directory and a mark. */
        public static void main(String[] arguments) throws Exception {
            ControlPlane plane =
                    ControlPlane.local().adopt(Path.of(arguments[0])).start();
            Random random = new Random();
            plane.apply(pod(0, arguments[1]));
            assertThat(plane.await(pod(0, arguments[1]), Pod::ready, LONG)).isPresent();
            System.out.println("ready");
            while (true) {
                int number = random.nextInt(PODS);
                boolean there = plane.get(Pod.KIND, "pod-" + number).isPresent();
                if (there && random.nextInt(3) == 0) {
                    plane.delete(Pod.KIND, "pod-" + number);
                } else if (!there) {
                    plane.apply(pod(number, arguments[1]));
                }
                List<Pod> all = IntStream.range(0, PODS)
                        .mapToObj(one -> pod(one, arguments[1]))
                        .toList();
                plane.await(
                        all.get(number), pod -> !pod.metadata().terminating(), Duration.ofMillis(random.nextInt(20)));
            }
        }
    }
}
