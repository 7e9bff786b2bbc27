package dev.corral.reconcile.testing;

import dev.corral.reconcile.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;

/** What one part of a world asks for, from its start to its crash. Afterwards nothing of it is heard, and all it calls throws. */
final class Life implements Executor {
    private final String name;
    private final Bag bag;
    private final Time time;
    private final List<Bag.Entry> parked = new ArrayList<>();
    private boolean ended;
    private boolean paused;

    Life(String name, Bag bag, Time time) {
        this.name = name;
        this.bag = bag;
        this.time = time;
    }

    boolean ended() {
        return ended;
    }

    /** Whether an entry drawn may happen now; while it is paused it waits. */
    boolean heard(Bag.Entry entry) {
        if (paused && !ended) {
            parked.add(entry);
        }
        return !paused && !ended;
    }

    void end() {
        ended = true;
        parked.clear();
    }

    void pause() {
        paused = true;
    }

    void goOn() {
        paused = false;
        parked.forEach(bag::add);
        parked.clear();
    }

    /** Throws if it has ended: code of a crashed process does nothing any more. */
    void check() {
        if (ended) {
            throw new Killed();
        }
    }

    @Override
    public void execute(Runnable task) {
        add(label(task), task);
    }

    void add(Object label, Runnable body) {
        if (!ended) {
            bag.add(new Bag.Entry(this, label, body));
        }
    }

    Clock.Timer at(Instant due, Object label, Runnable body) {
        return time.at(due, new Bag.Entry(this, label, body));
    }

    /** The world's time. */
    Clock clock() {
        return new Clock() {
            @Override
            public Instant now() {
                return time.now();
            }

            @Override
            public Timer at(Instant due, Runnable task) {
                return Life.this.at(due, label(task), task);
            }
        };
    }

    /** The world's time, for whoever asks the same again and again. */
    Clock routineClock() {
        return new Clock() {
            @Override
            public Instant now() {
                return time.now();
            }

            @Override
            public Timer at(Instant due, Runnable task) {
                return time.routineAt(due, new Bag.Entry(Life.this, label(task), task));
            }
        };
    }

    /** A lambda's own text is another one each time. */
    private Object label(Runnable task) {
        return task.getClass().isSynthetic() ? name + ": something" : task;
    }

    @Override
    public String toString() {
        return name;
    }

    /** Ends the code of a process that has crashed, wherever it is. */
    static final class Killed extends Error {
        private static final long serialVersionUID = 1L;

        Killed() {
            super("the process has crashed", null, false, false);
        }
    }
}
