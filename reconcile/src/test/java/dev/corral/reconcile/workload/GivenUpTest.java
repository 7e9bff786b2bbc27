package dev.corral.reconcile.workload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corral.reconcile.Conditions;
import dev.corral.reconcile.Key;
import dev.corral.reconcile.Metadata;
import dev.corral.reconcile.Resource;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GivenUpTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    /** Pods as the seconds at which they were created and at which they gave up. */
    @ParameterizedTest(name = "{0}: the next one comes at {1} s")
    @CsvSource({
        "0-100, 110",
        "0-100 110-120, 140",
        "0-100 110-120 140-150, 190",
        "0-100 110-711, 721", // it ran for more than 600 s
        "0-100 110-710, 730",
        "0-100 0-100, 110", // they ran at the same time
        "0-100 50-105, 110",
        "0-1 11-12 32-33 73-74 154-155 315-316 616-617, 917", // 300 s at most
    })
    void eachWaitsTwiceAsLongAsTheOneBefore(String story, long next) {
        List<Resource<PodSpec, PodStatus>> pods = new ArrayList<>();
        Instant now = START;
        for (String pod : story.split(" ", -1)) {
            String[] times = pod.split("-", -1);
            Instant end = START.plusSeconds(Long.parseLong(times[1]));
            pods.add(pod("web-" + pods.size(), START.plusSeconds(Long.parseLong(times[0])), end));
            now = end;
        }
        GivenUp givenUp = new GivenUp(pods, now);
        Instant due = START.plusSeconds(next);
        assertThat(givenUp.waiting()).isPositive();
        assertThat(new GivenUp(pods, due.minusMillis(1)).waiting()).isPositive();
        assertThat(new GivenUp(pods, due).next().filter(due::equals)).isEmpty();
        assertThat(givenUp.next()).contains(due);
    }

    private static Resource<PodSpec, PodStatus> pod(String name, Instant created, Instant end) {
        ContainerState.Terminated ended = new ContainerState.Terminated(1, Optional.empty(), "Error", "", created, end);
        ContainerStatus main = ContainerStatus.created("main").notRunning(ended, Optional.empty());
        return new Resource<>(
                Pod.KIND,
                Metadata.created(Key.of(name), name, 1, created),
                PodSpec.empty(),
                new PodStatus(
                        PodPhase.FAILED,
                        PodStatus.RESTART_LIMIT_EXCEEDED,
                        "",
                        Conditions.none(),
                        List.of(),
                        List.of(main),
                        Optional.empty(),
                        List.of(),
                        Optional.empty()));
    }
}
