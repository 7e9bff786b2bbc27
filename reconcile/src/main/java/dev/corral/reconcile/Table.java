package dev.corral.reconcile;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * All resources, by number and, in order, by path. A resource keeps the number that it came with, so a write to it leaves the order
 * alone, and who has its number, as an index does, finds it without comparing a path.
 *
 * @param next the number of the next one to come
 */
record Table(Tree<Path, Long> numbers, Numbered<Stored<?, ?>> stored, long next) {
    static Table empty() {
        return new Table(Tree.empty(), Numbered.empty(), 0);
    }

    /** What is stored at a path; null if nothing is. */
    @Nullable
    Stored<?, ?> get(Path path) {
        Long number = numbers.get(path);
        return number == null ? null : stored.get(number);
    }

    /** What has a number; null if it is gone. */
    @Nullable
    Stored<?, ?> get(long number) {
        return stored.get(number);
    }

    /** With one that comes, at a path where nothing is, and gets {@link #next} as its number. */
    Table with(Object edit, Path path, Long number, Stored<?, ?> come) {
        return new Table(numbers.put(edit, path, number), stored.put(edit, number, come), next + 1);
    }

    /** With another form of one that is there. */
    Table changed(Object edit, Stored<?, ?> form) {
        return new Table(numbers, stored.put(edit, form.number(), form), next);
    }

    Table without(Object edit, Path path, Stored<?, ?> gone) {
        return new Table(numbers.remove(edit, path), stored.remove(edit, gone.number()), next);
    }

    /** Visits everything, ordered by path. */
    void each(Consumer<? super Resource<?, ?>> visitor) {
        numbers.each(number -> at(number, visitor));
    }

    /** Visits what lies within a range, ordered by path. */
    void within(Tree.Range<Path> range, Consumer<? super Resource<?, ?>> visitor) {
        numbers.within(range, number -> at(number, visitor));
    }

    /** Visits what has a number, if it isn't gone. */
    void at(long number, Consumer<? super Resource<?, ?>> visitor) {
        Stored<?, ?> found = stored.get(number);
        if (found != null) {
            visitor.accept(found.resource());
        }
    }
}
