package dev.corral.reconcile;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A map from numbers, 0 or more, whose versions share structure (a radix tree): to find a value is to follow four bits of its number at
 * each level, with nothing to compare. Edits are those of a {@link Tree}.
 */
final class Numbered<V> {
    private static final int BITS = 4;
    private static final int WIDTH = 1 << BITS;
    private static final int MASK = WIDTH - 1;

    /** Children or, at level 0, values, and behind them the edit that may write into this node; null for the empty map. */
    private final @Nullable Object @Nullable [] root;

    /** How many levels are below the root. */
    private final int levels;

    private Numbered(@Nullable Object @Nullable [] root, int levels) {
        this.root = root;
        this.levels = levels;
    }

    static <V> Numbered<V> empty() {
        return new Numbered<>(null, 0);
    }

    /** The value of a number; null if there is none. */
    @Nullable
    @SuppressWarnings("unchecked") // only values are put at level 0
    V get(long number) {
        if (!fits(number, levels)) {
            return null;
        }
        @Nullable Object[] node = root;
        for (int level = levels; level > 0 && node != null; level--) {
            node = child(node, index(number, level));
        }
        return node == null ? null : (V) node[index(number, 0)];
    }

    Numbered<V> put(Object edit, long number, V value) {
        @Nullable Object[] top = root;
        int height = levels;
        while (!fits(number, height)) {
            if (top != null) {
                @Nullable Object[] above = node(edit);
                above[0] = top;
                top = above;
            }
            height++;
        }
        return over(put(edit, top, height, number, value), height);
    }

    Numbered<V> remove(Object edit, long number) {
        if (get(number) == null || root == null) {
            return this;
        }
        return over(remove(edit, root, levels, number), levels);
    }

    /** What has become of the value of a number; null stands for none. */
    @FunctionalInterface
    interface Comparison<V> {
        void differs(@Nullable V before, @Nullable V after);
    }

    /** Visits what is not the same object as in a version before, in the order of the numbers. What both share is passed over whole. */
    void compare(Numbered<V> before, Comparison<V> visitor) {
        compare(before.root, before.levels, root, levels, visitor);
    }

    @SuppressWarnings({"ReferenceEquality", "unchecked"}) // only values are put at level 0
    private static <V> void compare(
            @Nullable Object @Nullable [] before,
            int beforeLevels,
            @Nullable Object @Nullable [] after,
            int afterLevels,
            Comparison<V> visitor) {
        if (before == after) {
            return;
        }
        int level = Math.max(beforeLevels, afterLevels);
        for (int i = 0; i < WIDTH; i++) {
            Object old = at(before, beforeLevels, i, level);
            Object now = at(after, afterLevels, i, level);
            if (old == now) {
                continue;
            }
            if (level == 0) {
                visitor.differs((V) old, (V) now);
            } else {
                compare(
                        (@Nullable Object @Nullable []) old,
                        Math.min(beforeLevels, level - 1),
                        (@Nullable Object @Nullable []) now,
                        Math.min(afterLevels, level - 1),
                        visitor);
            }
        }
    }

    /** A child or value as seen from a level: below a higher one than its own, all of a lower tree is the first child. */
    private static @Nullable Object at(@Nullable Object @Nullable [] node, int levels, int i, int level) {
        if (node == null || levels == level) {
            return node == null ? null : node[i];
        }
        return i == 0 ? node : null;
    }

    @SuppressWarnings("ReferenceEquality") // a node that an edit wrote into is still the same node
    private Numbered<V> over(@Nullable Object @Nullable [] top, int height) {
        return top == root && height == levels ? this : new Numbered<>(top, top == null ? 0 : height);
    }

    private static @Nullable Object[] put(
            Object edit, @Nullable Object @Nullable [] node, int level, long number, Object value) {
        @Nullable Object[] mine = node == null ? node(edit) : owned(edit, node);
        int i = index(number, level);
        mine[i] = level == 0 ? value : put(edit, child(mine, i), level - 1, number, value);
        return mine;
    }

    /** A node without a number that is there; null if nothing else is. */
    private static @Nullable Object @Nullable [] remove(Object edit, @Nullable Object[] node, int level, long number) {
        int i = index(number, level);
        @Nullable Object[] below = level == 0 ? null : child(node, i);
        @Nullable Object[] left = below == null ? null : remove(edit, below, level - 1, number);
        if (left == null && onlyOne(node)) {
            return null;
        }
        @Nullable Object[] mine = owned(edit, node);
        mine[i] = left;
        return mine;
    }

    private static boolean onlyOne(@Nullable Object[] node) {
        int there = 0;
        for (int i = 0; i < WIDTH; i++) {
            there += node[i] == null ? 0 : 1;
        }
        return there == 1;
    }

    private static @Nullable Object[] node(Object edit) {
        @Nullable Object[] node = new @Nullable Object[WIDTH + 1];
        node[WIDTH] = edit;
        return node;
    }

    @SuppressWarnings("ReferenceEquality") // an edit is nobody but itself
    private static @Nullable Object[] owned(Object edit, @Nullable Object[] node) {
        if (node[WIDTH] == edit) {
            return node;
        }
        @Nullable Object[] copy = Arrays.copyOf(node, node.length);
        copy[WIDTH] = edit;
        return copy;
    }

    private static @Nullable Object @Nullable [] child(@Nullable Object[] node, int i) {
        return (@Nullable Object @Nullable []) node[i];
    }

    /** A shift by all 64 bits would be none. */
    private static boolean fits(long number, int levels) {
        int bits = BITS * (levels + 1);
        return bits >= Long.SIZE || number >>> bits == 0;
    }

    private static int index(long number, int level) {
        return (int) (number >>> (BITS * level)) & MASK;
    }
}
