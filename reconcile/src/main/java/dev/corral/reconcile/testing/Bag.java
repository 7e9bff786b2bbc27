package dev.corral.reconcile.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Everything that could happen next. Which of it does is drawn from the world's seed. */
final class Bag {
    private final List<Entry> entries = new ArrayList<>();
    private final RandomGenerator random;

    /**
     * One thing that could happen.
     *
     * @param life whose it is; nothing comes of it once that has ended
     * @param label what it is, told by {@code toString}
     */
    record Entry(Life life, Object label, Runnable body) {}

    Bag(RandomGenerator random) {
        this.random = random;
    }

    void add(Entry entry) {
        entries.add(entry);
    }

    /** Takes one out; empty if there is none. */
    Optional<Entry> draw() {
        while (!entries.isEmpty()) {
            int chosen = entries.size() == 1 ? 0 : random.nextInt(entries.size());
            Entry entry = entries.set(chosen, entries.get(entries.size() - 1));
            entries.remove(entries.size() - 1);
            if (entry.life().heard(entry)) {
                return Optional.of(entry);
            }
        }
        return Optional.empty();
    }
}
