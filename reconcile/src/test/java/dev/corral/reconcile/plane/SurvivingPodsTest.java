package dev.corral.reconcile.plane;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of pods whose JVM is killed, and that were to outlive it. */
@Timeout(180)
class SurvivingPodsTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    @TempDir
    private Path state;

    /** A time to sleep that nobody else sleeps. */
    private final String mark = "7" + ThreadLocalRandom.current().nextInt(1_000_000, 9_999_999);

    @AfterEach
    void nothingIsLeft() {
        Awaitility.await()
                .atMost(LONG)
                .untilAsserted(() -> assertThat(sleeping()).isEmpty());
    }

    private Set<Long> sleeping() {
        return sleeping(mark);
    }

    static Set<Long> sleeping(String mark) {
        try (Stream<ProcessHandle> all = ProcessHandle.allProcesses()) {
            return all.filter(process -> process.info()
                            .arguments()
                            .filter(words -> words.length == 1 && words[0].equals(mark))
                            .isPresent())
                    .map(ProcessHandle::pid)
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private OtherPlane plane(String version, int patience) throws Exception {
        return OtherPlane.begin(state, mark, version, Integer.toString(patience));
    }

    @Test
    void theNextPlaneTakesThemOver() throws Exception {
        Set<Long> before;
        try (OtherPlane first = plane("1", 60)) {
            assertThat(first.ready()).hasSize(3);
            before = sleeping();
            assertThat(before).hasSize(3);
        }
        assertThat(sleeping()).as("after the kill").isEqualTo(before);
        try (OtherPlane second = plane("1", 60)) {
            Map<String, Integer> pods = second.ready();
            assertThat(pods)
                    .hasSize(3)
                    .allSatisfy((pod, restarts) -> assertThat(restarts).isZero());
            assertThat(sleeping()).as("taken over").isEqualTo(before);
            assertThat(second.end()).isZero();
        }
        assertThat(sleeping()).as("after a plane that was closed").isEmpty();
    }

    @Test
    void withoutAdoptNothingSurvives() throws Exception {
        try (OtherPlane plane = OtherPlane.begin(OtherPlane.Main.class, "-", mark, "1", "60")) {
            plane.ready();
            assertThat(sleeping()).hasSize(3);
        }
        Awaitility.await()
                .atMost(LONG)
                .untilAsserted(() -> assertThat(sleeping()).isEmpty());
    }
}
