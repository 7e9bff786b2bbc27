package dev.corral.reconcile;

/**
 * One thing that is wrong with a declared resource.
 *
 * @param field the path from the resource's root, as in {@code spec.template.containers[0].name}
 * @param message what is wrong with it and what is allowed
 */
public record Problem(String field, String message) {
    @Override
    public String toString() {
        return field + ": " + message;
    }
}
