package dev.corral.reconcile;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * All resources, by number and, in order, by path. A resource keeps the number that it came with, so a write to it leaves the order
 * alone, and who has its number, as an index does, finds it without comparing a path.
 *
 * @param next the number of the next one to come
 */
record Table(Tree<Path, Path> paths, Numbered<Stored<?, ?>> stored, long next) {
    static Table empty() {
        return new Table(Tree.empty(), Numbered.empty(), 0);
    }

    /** What is stored at a path; null if nothing is. */
    @Nullable
    Stored<?, ?> get(Path path) {
        Path there = paths.get(path);
        return there == null ? null : stored.get(there.number());
    }

    /** With one that comes, at a path where nothing is, numbered {@link #next}. */
    Table with(Object edit, Stored<?, ?> come) {
        Path path = come.path();
        return new Table(paths.put(edit, path, path), stored.put(edit, path.number(), come), next + 1);
    }

    /** With another form of one that is there. */
    Table changed(Object edit, Stored<?, ?> form) {
        return new Table(paths, stored.put(edit, form.path().number(), form), next);
    }

    Table without(Object edit, Stored<?, ?> gone) {
        Path path = gone.path();
        return new Table(paths.remove(edit, path), stored.remove(edit, path.number()), next);
    }

    /** Visits everything, ordered by path. */
    void each(Consumer<? super Resource<?, ?>> visitor) {
        paths.each(path -> at(path, visitor));
    }

    /** Visits what lies within a range, ordered by path. */
    void within(Tree.Range<Path> range, Consumer<? super Resource<?, ?>> visitor) {
        paths.within(range, path -> at(path, visitor));
    }

    /** Visits what has the number of a path, if it isn't gone. */
    void at(Path path, Consumer<? super Resource<?, ?>> visitor) {
        Stored<?, ?> found = stored.get(path.number());
        if (found != null) {
            visitor.accept(found.resource());
        }
    }

    /** Visits what came, went or has another form since a version before. */
    void compare(Table before, Numbered.Comparison<Stored<?, ?>> visitor) {
        stored.compare(before.stored, visitor);
    }
}
