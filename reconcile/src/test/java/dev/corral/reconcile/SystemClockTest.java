package dev.corral.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

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
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        Clock system = Clock.system();
        assertThat(newThreads(before)).isEmpty();

        Clock.Timer timer = system.at(Instant.MAX, () -> {});
        List<Thread> threads = newThreads(before);
        assertThat(threads).hasSize(1);

        timer.cancel();
        await().atMost(Duration.ofSeconds(60)).until(() -> !threads.get(0).isAlive());
    }

    @Test
    void restingEndsItsThreadUnlessSomethingWaits() throws Exception {
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        Clock system = Clock.system();
        Clock.Timer timer = system.at(Instant.MAX, () -> {});
        system.rest();
        assertThat(newThreads(before)).hasSize(1);
        timer.cancel();
        system.rest();
        assertThat(newThreads(before)).isEmpty();

        CountDownLatch done = new CountDownLatch(1);
        system.at(system.now(), done::countDown);
        assertThat(done.await(60, TimeUnit.SECONDS)).as("it goes on").isTrue();
        system.rest();
        assertThat(newThreads(before)).isEmpty();
    }

    private static List<Thread> newThreads(Set<Thread> before) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("corral-clock") && !before.contains(thread))
                .toList();
    }
}
