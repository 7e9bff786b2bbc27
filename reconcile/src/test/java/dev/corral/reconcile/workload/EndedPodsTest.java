package dev.corral.reconcile.workload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corral.reconcile.Key;
import dev.corral.reconcile.Resource;
import dev.corral.reconcile.Store;
import dev.corral.reconcile.testing.ManualClock;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EndedPodsTest {
    private final ManualClock clock = ManualClock.startingAt(Instant.parse("2026-01-01T00:00:00Z"));
    private final AtomicInteger uids = new AtomicInteger();
    private final Store store = Store.inMemory(clock, () -> "uid-" + uids.incrementAndGet());

    /** Five pods, each a second younger; a lower case letter is one that has ended. */
    @ParameterizedTest(name = "of {0} {1} may stay: {2} go")
    @CsvSource({
        "abcde, 5, ''",
        "abcde, 3, ab",
        "abcde, 0, abcde",
        "aBcDe, 1, ac",
        "ABCde, 2, ''",
        "ABCDE, 0, ''",
        "edcba, 2, edc",
    })
    void theOldestGoFirst(String pods, int most, String gone) {
        for (String name : pods.split("(?!^|$)", -1)) {
            create(name);
            clock.advance(Duration.ofSeconds(1));
        }
        Key last = Key.of(pods.substring(4).toLowerCase(Locale.ROOT));
        assertThat(new EndedPods(store, clock, most).look(last, store.snapshot()))
                .isEmpty();
        StringBuilder going = new StringBuilder();
        for (String name : pods.toLowerCase(Locale.ROOT).split("(?!^|$)", -1)) {
            boolean terminating = store.snapshot()
                    .get(Pod.KIND, Key.of(name))
                    .map(pod -> pod.metadata().terminating())
                    .orElse(true);
            going.append(terminating ? name : "");
        }
        assertThat(going).hasToString(gone);
    }

    private void create(String letter) {
        String name = letter.toLowerCase(Locale.ROOT);
        Resource<PodSpec, PodStatus> pod =
                store.apply(Pod.named(name).container(c -> c.command("true"))).orThrow();
        if (name.equals(letter)) {
            store.updateStatus(pod.status(pod.status().phase(PodPhase.SUCCEEDED)))
                    .orThrow();
        }
    }
}
