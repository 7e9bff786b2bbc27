package dev.corral.reconcile;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The conditions of a resource, at most one of each type. Immutable; part of a status.
 *
 * @param all in the order in which their types first appeared
 */
public record Conditions(List<Condition> all) {
    public Conditions {
        all = List.copyOf(all);
        Set<String> types = new HashSet<>();
        for (Condition condition : all) {
            if (!types.add(condition.type())) {
                throw new IllegalArgumentException("two conditions of type " + condition.type());
            }
        }
    }

    public static Conditions none() {
        return new Conditions(List.of());
    }

    public Optional<Condition> get(String type) {
        return all.stream().filter(condition -> condition.type().equals(type)).findFirst();
    }

    /** Whether a condition is there and known to hold. */
    public boolean holds(String type) {
        return get(type).filter(Condition::holds).isPresent();
    }

    /**
     * These conditions with one set. Where its status is the same as before it keeps the time of the last transition, so that
     * saying the same again changes nothing.
     */
    public Conditions with(Condition condition) {
        Optional<Condition> before = get(condition.type());
        Condition next = before.filter(old -> old.status() == condition.status())
                .map(old -> new Condition(
                        condition.type(),
                        condition.status(),
                        condition.reason(),
                        condition.message(),
                        condition.observedGeneration(),
                        old.lastTransition()))
                .orElse(condition);
        List<Condition> changed = new ArrayList<>(all);
        if (before.isPresent()) {
            changed.set(changed.indexOf(before.get()), next);
        } else {
            changed.add(next);
        }
        return new Conditions(changed);
    }

    public Conditions without(String type) {
        return new Conditions(
                all.stream().filter(condition -> !condition.type().equals(type)).toList());
    }
}
