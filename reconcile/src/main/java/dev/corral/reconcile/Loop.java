package dev.corral.reconcile;

import java.time.Duration;
import java.util.Collection;
import java.util.function.Function;

/** The handle of a controller or loop: the way to tell it that the outside world has changed. Any thread may use it. */
public interface Loop {
    /** Has the key looked at soon; any number of calls before that are one look. Without effect once the loop is closed. */
    void wake(Key key);

    /** Has the key looked at after this time at the latest. */
    void wakeAfter(Key key, Duration delay);

    /** Tells something about a resource; see {@link ControllerManager#events}. */
    void tell(Key key, Event.Type type, String reason, String message);

    /**
     * Wakes keys from now on when a resource of another kind changes, beginning with what is there. The mapper is asked about the
     * resource as it was and as it is.
     *
     * @return ends it
     */
    <S, T> Subscription watches(Kind<S, T> kind, Function<Resource<S, T>, Collection<Key>> mapper);

    /**
     * Wakes keys from now on for reasons outside the store.
     *
     * @return ends it
     */
    Subscription source(Source source);
}
