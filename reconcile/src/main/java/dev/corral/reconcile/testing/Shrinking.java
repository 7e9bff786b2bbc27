package dev.corral.reconcile.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Finds a small part of a list that still fails: delta debugging (Zeller and Hildebrandt's {@code ddmin}). */
final class Shrinking {
    /** So many tries at most: afterwards the smallest part known so far will do. */
    private static final int TRIES = 300;

    private Shrinking() {}

    /**
     * A part from which nothing can be left out, unless that takes too long.
     *
     * @param fails whether a part fails; the whole does
     */
    static <E> List<E> smallest(List<E> whole, Predicate<List<E>> fails) {
        List<E> best = whole;
        int parts = 2;
        int tries = 0;
        if (fails.test(List.of())) {
            return List.of();
        }
        while (best.size() >= 2 && tries < TRIES) {
            List<E> smaller = null;
            int size = (best.size() + parts - 1) / parts;
            for (int from = 0; from < best.size() && smaller == null; from += size) {
                List<E> without = new ArrayList<>(best.subList(0, from));
                without.addAll(best.subList(Math.min(best.size(), from + size), best.size()));
                tries++;
                if (!without.isEmpty() && fails.test(without)) {
                    smaller = without;
                }
            }
            if (smaller != null) {
                best = smaller;
                parts = Math.max(2, parts - 1);
            } else if (parts >= best.size()) {
                return best;
            } else {
                parts = Math.min(best.size(), parts * 2);
            }
        }
        return best;
    }
}
