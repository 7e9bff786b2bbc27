package dev.corral.reconcile;

import dev.corral.reconcile.testing.ManualClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;

/** A store and a manager that do all their work, on the test's thread, when the test says so. */
final class Plane implements AutoCloseable {
    final ManualClock clock = Stores.clock();
    final Store store;
    private final Store seen;
    final Tasks tasks = new Tasks();
    final ControllerManager manager;

    Plane() {
        this(1000);
    }

    /** @param remembered how many events the store remembers */
    Plane(int remembered) {
        this(remembered, UnaryOperator.identity(), Leadership.always());
    }

    /** @param wrap what the manager gets in place of the store */
    Plane(UnaryOperator<Store> wrap) {
        this(1000, wrap, Leadership.always());
    }

    Plane(Leadership leadership) {
        this(1000, UnaryOperator.identity(), leadership);
    }

    private Plane(int remembered, UnaryOperator<Store> wrap, Leadership leadership) {
        store = Stores.remembering(clock, remembered);
        seen = wrap.apply(store);
        manager = manager(leadership);
    }

    /** Another manager over the same store, as after a crash or in another process. */
    ControllerManager manager(Leadership leadership) {
        return ControllerManager.over(seen, clock, tasks, new Random(7), leadership)
                .knows(Stores.LAMP, Stores.TASK, WebSites.Server.KIND);
    }

    Plane start() {
        manager.start();
        return settle();
    }

    Plane settle() {
        tasks.runAll();
        return this;
    }

    /** Moves the time, doing at each instant what is due then. */
    Plane advance(Duration step) {
        Instant target = clock.now().plus(step);
        while (clock.next().filter(next -> !next.isAfter(target)).isPresent()) {
            clock.advance(Duration.between(clock.now(), clock.next().get()));
            settle();
        }
        clock.advance(Duration.between(clock.now(), target));
        return settle();
    }

    <S, T> Plane apply(Declared<S, T> declared) {
        store.apply(declared).orThrow();
        return settle();
    }

    <S, T> Plane delete(Kind<S, T> kind, String name) {
        store.delete(get(kind, name)).orThrow();
        return settle();
    }

    <S, T> Resource<S, T> get(Kind<S, T> kind, String name) {
        return store.snapshot().get(kind, Key.of(name)).orElseThrow();
    }

    List<String> names(Kind<?, ?> kind) {
        return store.snapshot().list(kind).stream().map(Resource::name).toList();
    }

    List<String> told(String reason) {
        return manager.events().stream()
                .filter(event -> event.reason().equals(reason))
                .map(Event::message)
                .toList();
    }

    @Override
    public void close() {
        settle();
        manager.close();
    }
}
