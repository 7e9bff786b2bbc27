package dev.corral.reconcile;

import java.time.Duration;
import java.util.Collection;
import java.util.function.Function;

/** The way from outside into one running loop. */
record LoopHandle(RunningLoop loop, Kind<?, ?> kind, Events events) implements Loop {
    @Override
    public void wake(Key key) {
        loop.queue().add(new Subject(kind, key));
    }

    @Override
    public void wakeAfter(Key key, Duration delay) {
        loop.queue().addAfter(new Subject(kind, key), delay);
    }

    @Override
    public void tell(Key key, Event.Type type, String reason, String message) {
        events.tell(type, loop.body().name(), new Subject(kind, key), reason, message);
    }

    @Override
    public <S, T> Subscription watches(Kind<S, T> other, Function<Resource<S, T>, Collection<Key>> mapper) {
        return loop.outside().watch(new Relation<>(other, mapper));
    }

    @Override
    public Subscription source(Source source) {
        return loop.outside().listen(source);
    }
}
