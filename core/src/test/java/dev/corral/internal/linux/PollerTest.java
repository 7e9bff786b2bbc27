package dev.corral.internal.linux;

import static dev.corral.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.jna.Memory;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PollerTest {
    private static final int PATIENCE_SECONDS = 30;

    private final Poller poller = new Poller("poller-test");

    /** Or the next test takes this one's thread for its own. */
    @AfterEach
    void endTheThread() {
        poller.close();
        await().until(() -> !running());
    }

    @Test
    void aTimerGoesOffOnceForEachTimeItIsSet() throws Exception {
        try (Fd timer = new Fd(PollCalls.timer())) {
            Poller.Watch watch = poller.watch(timer.number());
            for (int i = 0; i < 2; i++) {
                CountDownLatch rang = new CountDownLatch(1);
                PollCalls.setTimer(timer.number(), 1_000_000);
                watch.once(PollCalls.POLLIN, rang::countDown);
                assertThat(rang.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
            }
            watch.close();
        }
    }

    @Test
    void whateverAHandlerThrowsTheOthersAreCalled() throws Exception {
        try (Fd bad = new Fd(PollCalls.eventfd(1));
                Fd good = new Fd(PollCalls.eventfd(1))) {
            Poller.Watch failing = poller.watch(bad.number());
            Poller.Watch calm = poller.watch(good.number());
            for (Throwable thrown : List.of(
                    new OutOfMemoryError("a test"),
                    new StackOverflowError("a test"),
                    new NoClassDefFoundError("a test"))) {
                CountDownLatch threw = new CountDownLatch(1);
                CountDownLatch called = new CountDownLatch(1);
                failing.once(PollCalls.POLLIN, () -> {
                    threw.countDown();
                    throw Sneaky.as(thrown);
                });
                assertThat(threw.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
                calm.once(PollCalls.POLLIN, called::countDown);
                assertThat(called.await(PATIENCE_SECONDS, TimeUnit.SECONDS))
                        .as("after %s", thrown.getClass())
                        .isTrue();
            }
            failing.close();
            calm.close();
        }
    }

    private static final class Sneaky {
        @SuppressWarnings("unchecked")
        static <T extends Throwable> RuntimeException as(Throwable any) throws T {
            throw (T) any;
        }
    }

    @Test
    void aThreadThatMeetsWantOfMemoryGoesOnWhereItWas() throws Exception {
        Memory noBuffer = new Memory(64 * 16) {
            private int failures = 2;

            @Override
            public long getLong(long offset) {
                if (failures-- > 0) {
                    throw new OutOfMemoryError("a test");
                }
                return super.getLong(offset);
            }
        };
        Poller starved = new Poller("poller-test", () -> noBuffer);
        try (Fd first = new Fd(PollCalls.eventfd(1));
                Fd second = new Fd(PollCalls.eventfd(1))) {
            CountDownLatch called = new CountDownLatch(2);
            Poller.Watch one = starved.watch(first.number());
            Poller.Watch other = starved.watch(second.number());
            one.once(PollCalls.POLLIN, called::countDown);
            other.once(PollCalls.POLLIN, called::countDown);

            assertThat(called.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();

            one.close();
            other.close();
        }
        starved.close();
    }

    @Test
    void whoRegistersIsToldThatThereIsNoRoomForTheThread() {
        Poller starved = new Poller("poller-test", () -> {
            throw new OutOfMemoryError("a test");
        });
        try (Fd ready = new Fd(PollCalls.eventfd(1))) {
            Poller.Watch watch = starved.watch(ready.number());
            assertThatThrownBy(() -> watch.once(PollCalls.POLLIN, () -> {})).isInstanceOf(OutOfMemoryError.class);
            watch.close();
        }
        starved.close();
        assertThat(running()).isFalse();
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
