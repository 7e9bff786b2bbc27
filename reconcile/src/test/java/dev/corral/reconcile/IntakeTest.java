package dev.corral.reconcile;

import static dev.corral.reconcile.Stores.LAMP;
import static dev.corral.reconcile.Stores.lamp;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slf4j.event.Level;

/** What a loop is told when its watch breaks. */
class IntakeTest {
    private final Store real = Stores.on(Stores.clock());
    private boolean broken;

    private Store breaking() {
        return (Store) Proxy.newProxyInstance(
                Store.class.getClassLoader(), new Class<?>[] {Store.class}, (proxy, method, arguments) -> {
                    try {
                        Object answer = method.invoke(real, arguments);
                        return method.getName().equals("watchAll") ? new Breaking<>((Watch<?, ?>) answer) : answer;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private final class Breaking<S, T> implements Watch<S, T> {
        private final Watch<S, T> watch;

        private Breaking(Watch<S, T> watch) {
            this.watch = watch;
        }

        @Override
        public List<StoreEvent<S, T>> poll() {
            if (broken) {
                broken = false;
                throw new IllegalStateException("the connection is gone");
            }
            return watch.poll();
        }

        @Override
        public List<StoreEvent<S, T>> await(Duration timeout) {
            return poll();
        }

        @Override
        public void close() {
            watch.close();
        }
    }

    @Test
    void whatVanishedWhileTheWatchWasBrokenIsToldAsDeletedOnceAndWhatIsThereIsListedAgain() {
        real.apply(lamp("hall", 1));
        real.apply(lamp("attic", 1));
        try (Intake intake = new Intake(breaking(), Level.DEBUG)) {
            assertThat(intake.poll().listed()).hasSize(3);

            Resource<?, ?> attic = real.snapshot().get(LAMP, Key.of("attic")).orElseThrow();
            real.delete(attic);
            real.apply(lamp("cellar", 1));
            broken = true;
            Intake.Batch batch = intake.poll();

            assertThat(batch.fresh()).isEmpty();
            assertThat(batch.listed().get(0)).isInstanceOf(StoreEvent.Deleted.class);
            assertThat(batch.listed().get(0).latest().orElseThrow().name()).isEqualTo("attic");
            assertThat(batch.listed().stream()
                            .filter(StoreEvent.Added.class::isInstance)
                            .map(event -> event.latest().orElseThrow().name()))
                    .containsExactly("cellar", "hall");
            assertThat(intake.poll()).isEqualTo(new Intake.Batch(List.of(), List.of()));
        }
    }
}
