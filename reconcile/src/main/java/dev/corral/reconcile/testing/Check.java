package dev.corral.reconcile.testing;

import java.util.Optional;
import java.util.function.Predicate;

/** Something that a user wants to hold in a world, with its name in reports. */
record Check(String name, Predicate<? super World> predicate) {
    /** Why it doesn't hold; empty if it does. A predicate may as well throw an AssertionError that says why. */
    Optional<String> complaint(World world) {
        try {
            return predicate.test(world) ? Optional.empty() : Optional.of(name + " does not hold");
        } catch (AssertionError why) {
            return Optional.of(name + ": " + why.getMessage());
        } catch (RuntimeException why) {
            return Optional.of(name + " can't be told: " + why);
        }
    }
}
