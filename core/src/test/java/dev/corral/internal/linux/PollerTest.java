package dev.corral.internal.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PollerTest {
    private final Poller poller = new Poller("poller-test");

    @Test
    void aTimerGoesOffOnceForEachTimeItIsSet() throws Exception {
        try (Fd timer = new Fd(PollCalls.timer())) {
            Poller.Watch watch = poller.watch(timer.number());
            for (int i = 0; i < 2; i++) {
                CountDownLatch rang = new CountDownLatch(1);
                PollCalls.setTimer(timer.number(), 1_000_000);
                watch.once(PollCalls.POLLIN, rang::countDown);
                assertThat(rang.await(5, TimeUnit.SECONDS)).isTrue();
            }
            watch.close();
        }
        poller.close();
    }

    @Test
    void closingEndsTheThread() throws Exception {
        try (Fd never = new Fd(PollCalls.eventfd())) {
            Poller.Watch watch = poller.watch(never.number());
            watch.once(PollCalls.POLLIN, () -> {});
            assertThat(running()).isTrue();
            watch.close();

            poller.close();
            poller.close();

            await().until(() -> !running());
            assertThatThrownBy(() -> poller.watch(never.number()).once(PollCalls.POLLIN, () -> {}))
                    .isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void aPollerThatWatchedNothingHasNothingToEnd() {
        poller.close();

        assertThat(running()).isFalse();
    }

    private static boolean running() {
        return Thread.getAllStackTraces().keySet().stream()
                .anyMatch(thread -> thread.getName().equals("poller-test"));
    }
}
