package dev.corral.reconcile;

import java.util.HashMap;
import java.util.Map;

/** Compares what a poll gives with what it gave before. One round at a time. */
final class Polled implements Source.Work {
    private final Source.Poll poll;
    private final Source.Waker waker;
    private Map<Key, Object> known = Map.of();

    Polled(Source.Poll poll, Source.Waker waker) {
        this.poll = poll;
        this.waker = waker;
    }

    @Override
    public void run() throws Exception {
        Map<Key, Object> now = new HashMap<>(poll.read());
        now.forEach((key, value) -> {
            if (!value.equals(known.get(key))) {
                waker.wake(key);
            }
        });
        known.keySet().stream().filter(key -> !now.containsKey(key)).forEach(waker::wake);
        known = now;
    }
}
