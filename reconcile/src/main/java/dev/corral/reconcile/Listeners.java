package dev.corral.reconcile;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** All who are told what the engine does. */
final class Listeners implements EngineListener {
    private final List<EngineListener> all = new CopyOnWriteArrayList<>();

    void add(EngineListener listener) {
        all.add(listener);
    }

    /** Whether anybody listens. */
    boolean any() {
        return !all.isEmpty();
    }

    @Override
    public void passEnded(PassEnded pass) {
        all.forEach(listener -> listener.passEnded(pass));
    }

    @Override
    public void queueChanged(String loop, int ready, int busy) {
        all.forEach(listener -> listener.queueChanged(loop, ready, busy));
    }

    @Override
    public void told(Event event) {
        all.forEach(listener -> listener.told(event));
    }
}
