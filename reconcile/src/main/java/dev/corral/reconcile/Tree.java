package dev.corral.reconcile;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A sorted map whose versions share structure (a B-tree): a put or remove copies the nodes between the root and one entry, so an
 * older version costs almost nothing and never moves.
 *
 * <p>Whoever changes a tree says for which edit, an object of its own. What an edit has copied already, it writes into: nobody else
 * can see it before the edit is over. An edit must not lead to the trees that it made, because their nodes keep it.
 */
final class Tree<K extends Comparable<K>, V> {
    private final TreeNode<K, V> root;

    private Tree(TreeNode<K, V> root) {
        this.root = root;
    }

    static <K extends Comparable<K>, V> Tree<K, V> empty() {
        return new Tree<K, V>(TreeNode.empty());
    }

    /** A part of the order without gaps, as in "all keys that begin with a word". */
    @FunctionalInterface
    interface Range<K> {
        /** Below 0 for a key in front of the range, 0 within it, above 0 behind it. */
        int side(K key);
    }

    /** What becomes of a value. */
    @FunctionalInterface
    interface Change<V> {
        @Nullable
        V of(@Nullable V before);
    }

    /** The value of a key; null if there is none. */
    @Nullable
    V get(K key) {
        return root.get(key);
    }

    boolean isEmpty() {
        return root.width() == 0;
    }

    Tree<K, V> put(Object edit, K key, V value) {
        return changed(edit, key, before -> value);
    }

    Tree<K, V> remove(Object edit, K key) {
        return changed(edit, key, before -> null);
    }

    /** With what comes of the value of a key; null stands for none, before and after. */
    Tree<K, V> changed(Object edit, K key, Change<V> change) {
        TreeNode<K, V> top = root.changed(edit, key, change).top(edit);
        return top == root ? this : new Tree<>(top);
    }

    /** Visits the values of all keys in order. */
    void each(Consumer<? super V> visitor) {
        root.each(visitor);
    }

    /** Visits the values of the keys within a range, in order. */
    void within(Range<K> range, Consumer<? super V> visitor) {
        root.within(range, visitor, true, true);
    }
}
