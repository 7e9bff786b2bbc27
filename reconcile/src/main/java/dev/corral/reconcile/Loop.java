package dev.corral.reconcile;

import java.time.Duration;

/** The handle of a loop: the way to tell it that the outside world has changed. Any thread may use it. */
public interface Loop {
    /** Has the key looked at soon; any number of calls before that are one look. Without effect once the loop is closed. */
    void wake(Key key);

    /** Has the key looked at after this time at the latest. */
    void wakeAfter(Key key, Duration delay);

    /** Tells something about a resource; see {@link ControllerManager#events}. */
    void tell(Key key, Event.Type type, String reason, String message);
}
