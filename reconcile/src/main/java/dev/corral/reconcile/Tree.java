package dev.corral.reconcile;

import java.util.Optional;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/**
 * A sorted map whose versions share structure: a put or remove copies one path from the root (an AVL tree), so an older version
 * costs almost nothing and never moves.
 */
final class Tree<K extends Comparable<K>, V> {
    private final @Nullable Node<K, V> root;

    private Tree(@Nullable Node<K, V> root) {
        this.root = root;
    }

    static <K extends Comparable<K>, V> Tree<K, V> empty() {
        return new Tree<>(null);
    }

    Optional<V> get(K key) {
        Node<K, V> node = root;
        while (node != null) {
            int order = key.compareTo(node.key);
            if (order == 0) {
                return Optional.of(node.value);
            }
            node = order < 0 ? node.left : node.right;
        }
        return Optional.empty();
    }

    Tree<K, V> put(K key, V value) {
        return new Tree<>(put(root, key, value));
    }

    Tree<K, V> remove(K key) {
        return get(key).isPresent() ? new Tree<>(remove(root, key)) : this;
    }

    /** Visits the entries from a key on, in order, until the visitor answers false. */
    void from(K first, BiPredicate<K, V> visitor) {
        visit(root, first, visitor);
    }

    private static <K extends Comparable<K>, V> boolean visit(
            @Nullable Node<K, V> node, K first, BiPredicate<K, V> visitor) {
        if (node == null) {
            return true;
        }
        int order = first.compareTo(node.key);
        return (order >= 0 || visit(node.left, first, visitor))
                && (order > 0 || visitor.test(node.key, node.value))
                && visit(node.right, first, visitor);
    }

    private static <K extends Comparable<K>, V> Node<K, V> put(@Nullable Node<K, V> node, K key, V value) {
        if (node == null) {
            return new Node<>(key, value, null, null);
        }
        int order = key.compareTo(node.key);
        if (order == 0) {
            return new Node<>(key, value, node.left, node.right);
        }
        return order < 0
                ? balanced(node, put(node.left, key, value), node.right)
                : balanced(node, node.left, put(node.right, key, value));
    }

    private static <K extends Comparable<K>, V> @Nullable Node<K, V> remove(@Nullable Node<K, V> node, K key) {
        if (node == null) {
            return null;
        }
        int order = key.compareTo(node.key);
        if (order < 0) {
            return balanced(node, remove(node.left, key), node.right);
        }
        if (order > 0) {
            return balanced(node, node.left, remove(node.right, key));
        }
        if (node.left == null || node.right == null) {
            return node.left != null ? node.left : node.right;
        }
        Node<K, V> next = node.right;
        while (next.left != null) {
            next = next.left;
        }
        return balanced(next, node.left, remove(node.right, next.key));
    }

    /** An entry over two subtrees whose heights differ by at most two. */
    private static <K, V> Node<K, V> balanced(Node<K, V> entry, @Nullable Node<K, V> left, @Nullable Node<K, V> right) {
        int lean = height(left) - height(right);
        if (left != null && lean > 1) {
            if (left.right != null && height(left.left) < height(left.right)) {
                Node<K, V> top = left.right;
                return top.over(left.over(left.left, top.left), entry.over(top.right, right));
            }
            return left.over(left.left, entry.over(left.right, right));
        }
        if (right != null && lean < -1) {
            if (right.left != null && height(right.right) < height(right.left)) {
                Node<K, V> top = right.left;
                return top.over(entry.over(left, top.left), right.over(top.right, right.right));
            }
            return right.over(entry.over(left, right.left), right.right);
        }
        return entry.over(left, right);
    }

    private static int height(@Nullable Node<?, ?> node) {
        return node == null ? 0 : node.height;
    }

    private static final class Node<K, V> {
        final K key;
        final V value;
        final @Nullable Node<K, V> left;
        final @Nullable Node<K, V> right;
        final int height;

        Node(K key, V value, @Nullable Node<K, V> left, @Nullable Node<K, V> right) {
            this.key = key;
            this.value = value;
            this.left = left;
            this.right = right;
            this.height = 1 + Math.max(Tree.height(left), Tree.height(right));
        }

        Node<K, V> over(@Nullable Node<K, V> newLeft, @Nullable Node<K, V> newRight) {
            return new Node<>(key, value, newLeft, newRight);
        }
    }
}
