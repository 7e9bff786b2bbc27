package dev.corral.cgroups;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

/** Handlers and executors that fail cost what they were called for, and nothing of what comes later. */
class DeliveryTest {
    private final List<String> heard = new ArrayList<>();
    private final Queue<Throwable> failures = new ArrayDeque<>();

    private void failIfWanted() {
        Throwable failure = failures.poll();
        if (failure instanceof RuntimeException exception) {
            throw exception;
        }
        if (failure instanceof Error error) {
            throw error;
        }
    }

    private final CgroupEvents handler = new CgroupEvents() {
        @Override
        public void frozen() {
            failIfWanted();
            heard.add("frozen");
        }
    };

    private void failuresOf(Executor executor) {
        Delivery delivery = new Delivery("cgroup /a", handler, executor);
        failures.add(new IllegalStateException("on purpose"));
        failures.add(new AssertionError("on purpose"));
        for (int i = 0; i < 3; i++) {
            delivery.deliver(CgroupEvents::frozen);
        }
        assertThat(heard).containsExactly("frozen");
    }

    @Test
    void aHandlerThatFailsIsToldOfTheNextEvent() {
        failuresOf(Runnable::run);
    }

    @Test
    void anExecutorThatFailsIsAskedAgain() {
        failures.add(new RejectedExecutionException("on purpose"));
        failures.add(new InternalError("on purpose"));
        Delivery delivery = new Delivery("cgroup /a", handler, work -> {
            failIfWanted();
            work.run();
        });
        for (int i = 0; i < 3; i++) {
            delivery.deliver(CgroupEvents::frozen);
        }
        assertThat(heard).containsExactly("frozen");
    }
}
