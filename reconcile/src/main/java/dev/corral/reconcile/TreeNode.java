package dev.corral.reconcile;

import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A node of a {@link Tree}: as many values as keys in a leaf; above the leaves one node more than keys, a key being above all keys
 * of the node in front of it and no higher than any of the node behind it.
 */
final class TreeNode<K extends Comparable<K>, V> {
    /** So wide that a search touches few nodes, and no wider, because each write copies a row of them. */
    private static final int WIDEST = 32;

    private static final int NARROWEST = WIDEST / 4;
    private static final Object[] NOTHING = {};

    private final Object edit;
    /** Never written into: where only values change, old and new nodes share their keys. */
    private Object[] keys;
    /** Values or nodes; written into by the edit that made this node, and by it alone. */
    private Object[] values;

    private TreeNode(Object edit, Object[] keys, Object[] values) {
        this.edit = edit;
        this.keys = keys;
        this.values = values;
    }

    static <K extends Comparable<K>, V> TreeNode<K, V> empty() {
        return new TreeNode<>(NOTHING, NOTHING, NOTHING);
    }

    int width() {
        return values.length;
    }

    private boolean leaf() {
        return keys.length == values.length;
    }

    @Nullable
    V get(K key) {
        TreeNode<K, V> node = this;
        while (!node.leaf()) {
            int below = node.search(key);
            node = node.child(below < 0 ? ~below : below + 1);
        }
        int at = node.search(key);
        return at < 0 ? null : node.value(at);
    }

    /** With what comes of the value of a key; may be wider or narrower than allowed. */
    @SuppressWarnings("ReferenceEquality") // what is there already, whole, needs no write
    TreeNode<K, V> changed(Object by, K key, Tree.Change<V> change) {
        int at = search(key);
        if (!leaf()) {
            int i = at < 0 ? ~at : at + 1;
            TreeNode<K, V> below = child(i).changed(by, key, change);
            if (below.width() > WIDEST) {
                return spliced(by, i, below.halves(by));
            }
            return below.width() < NARROWEST ? joined(by, i, below) : with(by, i, below);
        }
        V before = at < 0 ? null : value(at);
        V after = change.of(before);
        if (after == before) {
            return this;
        } else if (after == null) {
            return with(by, removed(keys, at), removed(values, at));
        }
        return at < 0 ? with(by, inserted(keys, ~at, key), inserted(values, ~at, after)) : with(by, at, after);
    }

    /** What is to stand at the top: itself, its only child, or a node over its halves. */
    TreeNode<K, V> top(Object by) {
        if (width() > WIDEST) {
            return halves(by);
        }
        return !leaf() && width() == 1 ? child(0) : this;
    }

    void each(Consumer<? super V> visitor) {
        boolean leaf = leaf();
        for (int i = 0; i < values.length; i++) {
            if (leaf) {
                visitor.accept(value(i));
            } else {
                child(i).each(visitor);
            }
        }
    }

    /** Visits what lies within a range, which begins or ends among the keys of this node only where that is said. */
    void within(Tree.Range<K> range, Consumer<? super V> visitor, boolean begins, boolean ends) {
        int first = begins ? count(range, -1) : 0;
        int end = ends ? count(range, 0) : keys.length;
        if (leaf()) {
            for (int i = first; i < end; i++) {
                visitor.accept(value(i));
            }
            return;
        }
        for (int i = first; i <= end; i++) {
            if ((begins && i == first) || (ends && i == end)) {
                child(i).within(range, visitor, begins && i == first, ends && i == end);
            } else {
                child(i).each(visitor);
            }
        }
    }

    /** How many keys are on a side of a range, or on a lower one. */
    private int count(Tree.Range<K> range, int side) {
        int low = 0;
        int high = keys.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (Integer.signum(range.side(key(middle))) <= side) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** Where a key is; where it would have to be inserted, less than 0 by {@code ~}, if it isn't there. */
    @SuppressWarnings("unchecked") // only keys are put among the keys; one cast here saves one at each step
    private int search(K key) {
        Comparable<Object> searched = (Comparable<Object>) (Comparable<?>) key;
        int low = 0;
        int high = keys.length - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int order = searched.compareTo(keys[middle]);
            if (order == 0) {
                return middle;
            }
            if (order > 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return ~low;
    }

    @SuppressWarnings("ReferenceEquality") // the same value needs no write, and an edit is nobody but itself
    private TreeNode<K, V> with(Object by, int i, Object value) {
        if (values[i] == value) {
            return this;
        }
        if (by == edit) {
            values[i] = value;
            return this;
        }
        Object[] changed = values.clone();
        changed[i] = value;
        return new TreeNode<>(by, keys, changed);
    }

    @SuppressWarnings("ReferenceEquality") // an edit is nobody but itself
    private TreeNode<K, V> with(Object by, Object[] otherKeys, Object[] otherValues) {
        if (by != edit) {
            return new TreeNode<>(by, otherKeys, otherValues);
        }
        keys = otherKeys;
        values = otherValues;
        return this;
    }

    /** With the two children of a node, and the key between them, in place of one child. */
    private TreeNode<K, V> spliced(Object by, int i, TreeNode<K, V> pair) {
        Object[] more = inserted(values, i, pair.values[0]);
        more[i + 1] = pair.values[1];
        return with(by, inserted(keys, i, pair.keys[0]), more);
    }

    /** With a narrow child and its neighbour made one, or both half of the two. */
    private TreeNode<K, V> joined(Object by, int i, TreeNode<K, V> narrow) {
        int left = Math.max(0, i - 1);
        TreeNode<K, V> both =
                i == 0 ? narrow.followed(by, keys[0], child(1)) : child(left).followed(by, keys[left], narrow);
        Object[] fewer = removed(values, left);
        fewer[left] = both;
        TreeNode<K, V> one = with(by, removed(keys, left), fewer);
        return both.width() <= WIDEST ? one : one.spliced(by, left, both.halves(by));
    }

    private TreeNode<K, V> followed(Object by, Object between, TreeNode<K, V> next) {
        Object[] front = leaf() ? keys : inserted(keys, keys.length, between);
        return new TreeNode<>(by, concatenated(front, next.keys), concatenated(values, next.values));
    }

    /** A node over the two halves of this one. */
    private TreeNode<K, V> halves(Object by) {
        int cut = values.length / 2;
        int firstKeys = leaf() ? cut : cut - 1;
        TreeNode<K, V> left = new TreeNode<>(by, Arrays.copyOf(keys, firstKeys), Arrays.copyOf(values, cut));
        TreeNode<K, V> right = new TreeNode<>(
                by, Arrays.copyOfRange(keys, cut, keys.length), Arrays.copyOfRange(values, cut, values.length));
        Object between = leaf() ? keys[cut] : keys[cut - 1];
        return new TreeNode<>(by, new Object[] {between}, new Object[] {left, right});
    }

    private static Object[] inserted(Object[] from, int at, Object one) {
        Object[] more = new Object[from.length + 1];
        System.arraycopy(from, 0, more, 0, at);
        more[at] = one;
        System.arraycopy(from, at, more, at + 1, from.length - at);
        return more;
    }

    private static Object[] removed(Object[] from, int at) {
        Object[] fewer = new Object[from.length - 1];
        System.arraycopy(from, 0, fewer, 0, at);
        System.arraycopy(from, at + 1, fewer, at, fewer.length - at);
        return fewer;
    }

    private static Object[] concatenated(Object[] one, Object[] other) {
        Object[] both = Arrays.copyOf(one, one.length + other.length);
        System.arraycopy(other, 0, both, one.length, other.length);
        return both;
    }

    @SuppressWarnings("unchecked") // only keys are put among the keys
    private K key(int i) {
        return (K) keys[i];
    }

    @SuppressWarnings("unchecked") // only values are put among the values of a leaf
    private V value(int i) {
        return (V) values[i];
    }

    @SuppressWarnings("unchecked") // only nodes are put among the values of what isn't a leaf
    private TreeNode<K, V> child(int i) {
        return (TreeNode<K, V>) values[i];
    }
}
