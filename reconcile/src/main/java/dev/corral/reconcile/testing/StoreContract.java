package dev.corral.reconcile.testing;

import dev.corral.reconcile.Clock;
import dev.corral.reconcile.Store;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What every {@link Store} keeps to, as named cases without a test framework: a dynamic test of any framework runs them, each on
 * a store of its own. A failure is an {@code AssertionError} that says what was wanted and what came.
 */
public final class StoreContract {
    /** When every case begins. */
    static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private StoreContract() {}

    /** Makes the stores that are put to the test. */
    @FunctionalInterface
    public interface Opener {
        /** An empty store on this time, which nobody else uses. */
        Store open(Clock clock) throws Exception;

        /**
         * Closes a store and opens what it has kept, as after a restart; empty if it keeps nothing, which is what a store in
         * memory does.
         */
        default Optional<Store> reopen(Store store, Clock clock) throws Exception {
            return Optional.empty();
        }
    }

    /**
     * One rule and the way to try it.
     *
     * @param name a sentence
     */
    public record Case(String name, Opener opener, Body body) {
        /** Tries it on a store of its own; an AssertionError if the store breaks the rule. */
        public void run() throws Exception {
            ManualClock clock = ManualClock.startingAt(START);
            body.run(new Bench(opener.open(clock), clock, opener));
        }

        @Override
        public String toString() {
            return name;
        }
    }

    /** What a case does. */
    @FunctionalInterface
    interface Body {
        void run(Bench bench) throws Exception;
    }

    /** A store under test and its time. */
    record Bench(Store store, ManualClock clock, Opener opener) {}

    /** Collects the cases of one concern. */
    static final class Chapter {
        private final Opener opener;
        private final List<Case> cases = new ArrayList<>();

        Chapter(Opener opener) {
            this.opener = opener;
        }

        Chapter rule(String name, Body body) {
            cases.add(new Case(name, opener, body));
            return this;
        }

        List<Case> cases() {
            return cases;
        }
    }

    /** All cases, in the order in which they are best read. */
    public static List<Case> cases(Opener opener) {
        List<Case> all = new ArrayList<>();
        for (Chapter chapter : List.of(
                WriteCases.in(new Chapter(opener)),
                DeletionCases.in(new Chapter(opener)),
                OwnerCases.in(new Chapter(opener)),
                ReadCases.in(new Chapter(opener)),
                WatchCases.in(new Chapter(opener)),
                WriterCases.in(new Chapter(opener)))) {
            all.addAll(chapter.cases());
        }
        return List.copyOf(all);
    }
}
