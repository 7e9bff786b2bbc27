package dev.corral.reconcile;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The conditions of a resource, at most one of each type. Immutable; part of a status.
 *
 * @param all in the order in which their types first appeared
 */
public record Conditions(List<Condition> all) {
    public Conditions {
        all = List.copyOf(all);
        for (int i = 1; i < all.size(); i++) {
            if (indexOf(all, all.get(i).type()) < i) {
                throw new IllegalArgumentException(
                        "two conditions of type " + all.get(i).type());
            }
        }
    }

    private static int indexOf(List<Condition> conditions, String type) {
        for (int i = 0; i < conditions.size(); i++) {
            if (conditions.get(i).type().equals(type)) {
                return i;
            }
        }
        return -1;
    }

    /** No condition yet. */
    public static Conditions none() {
        return new Conditions(List.of());
    }

    /** The condition of a type; empty if there is none. */
    public Optional<Condition> get(String type) {
        int index = indexOf(all, type);
        return index < 0 ? Optional.empty() : Optional.of(all.get(index));
    }

    /** Whether a condition is there and known to hold. */
    public boolean holds(String type) {
        int index = indexOf(all, type);
        return index >= 0 && all.get(index).holds();
    }

    /**
     * These conditions with one set. Where its status is the same as before it keeps the time of the last transition, so that
     * saying the same again changes nothing.
     */
    public Conditions with(Condition condition) {
        int index = indexOf(all, condition.type());
        List<Condition> changed = new ArrayList<>(all);
        if (index < 0) {
            changed.add(condition);
        } else {
            Condition next = condition.after(all.get(index));
            if (next.equals(all.get(index))) {
                return this;
            }
            changed.set(index, next);
        }
        return new Conditions(changed);
    }

    public Conditions without(String type) {
        if (indexOf(all, type) < 0) {
            return this;
        }
        return new Conditions(
                all.stream().filter(condition -> !condition.type().equals(type)).toList());
    }
}
