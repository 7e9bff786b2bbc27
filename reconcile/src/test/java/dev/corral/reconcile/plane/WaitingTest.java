package dev.corral.reconcile.plane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corral.reconcile.Clock;
import dev.corral.reconcile.Declared;
import dev.corral.reconcile.Key;
import dev.corral.reconcile.Kind;
import dev.corral.reconcile.Store;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Waiting for what becomes visible in a store. */
class WaitingTest {
    record Spec(int number) {}

    record Status(int seen) {}

    private static final Kind<Spec, Status> THING = Kind.of("Thing", Spec.class, Status.class);
    /** More changes than the store remembers. */
    private static final int FLOOD = 10_000;

    @Test
    @Timeout(60)
    void whoeverFellBehindWhatTheStoreRemembersAsksAnew() throws Exception {
        Store store = Store.inMemory();
        AtomicInteger asked = new AtomicInteger();
        try (Waiting waiting = new Waiting(store, Clock.system())) {
            Optional<Integer> answer = waiting.on(THING, Duration.ofMinutes(1), () -> {
                if (asked.incrementAndGet() == 1) {
                    flood(store);
                    return Optional.empty();
                }
                return store.snapshot()
                        .get(THING, Key.of("thing"))
                        .map(thing -> thing.spec().number());
            });
            assertThat(answer).contains(FLOOD);
        }
    }

    private static void flood(Store store) {
        for (int i = 1; i <= FLOOD; i++) {
            store.apply(Declared.of(THING, "thing", new Spec(i))).orThrow();
        }
    }
}
