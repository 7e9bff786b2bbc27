package dev.corral.reconcile.plane;

import dev.corral.reconcile.EngineListener;
import dev.corral.reconcile.Event;
import dev.corral.reconcile.PassEnded;
import dev.corral.reconcile.Subscription;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** All who are told what happens in a plane. Safe for any thread. */
final class Followers implements EngineListener {
    private final List<EngineListener> all = new CopyOnWriteArrayList<>();

    Subscription add(EngineListener follower) {
        all.add(follower);
        return () -> all.remove(follower);
    }

    @Override
    public void passEnded(PassEnded pass) {
        all.forEach(follower -> follower.passEnded(pass));
    }

    @Override
    public void told(Event event) {
        all.forEach(follower -> follower.told(event));
    }
}
