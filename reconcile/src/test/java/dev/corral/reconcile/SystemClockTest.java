package dev.corral.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(InOwnThreadGroup.class)
class SystemClockTest {
    @Test
    void tasksRunOnceTheirTimeHasComeHoweverLongAgoThatWas() throws Exception {
        Clock system = Clock.system();
        CountDownLatch done = new CountDownLatch(2);
        system.at(Instant.MIN, done::countDown);
        system.at(system.now().plusMillis(1), done::countDown);
        system.at(Instant.MAX, done::countDown).cancel();

        assertThat(done.await(60, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void itsThreadExistsOnlyWhileSomethingWaits() {
        Clock system = Clock.system();
        assertThat(threads()).isEmpty();

        Clock.Timer timer = system.at(Instant.MAX, () -> {});
        List<Thread> threads = threads();
        assertThat(threads).hasSize(1);

        timer.cancel();
        await().atMost(Duration.ofSeconds(60)).until(() -> !threads.get(0).isAlive());
    }

    @Test
    void restingEndsItsThreadUnlessSomethingWaits() throws Exception {
        Clock system = Clock.system();
        Clock.Timer timer = system.at(Instant.MAX, () -> {});
        system.rest();
        assertThat(threads()).hasSize(1);
        timer.cancel();
        system.rest();
        assertThat(threads()).isEmpty();

        CountDownLatch done = new CountDownLatch(1);
        system.at(system.now(), done::countDown);
        assertThat(done.await(60, TimeUnit.SECONDS)).as("it goes on").isTrue();
        system.rest();
        assertThat(threads()).isEmpty();
    }

    private static List<Thread> threads() {
        return InOwnThreadGroup.threads("corral-clock");
    }
}
