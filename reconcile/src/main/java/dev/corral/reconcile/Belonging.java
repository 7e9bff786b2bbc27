package dev.corral.reconcile;

import java.util.Map;

/**
 * Something a plan lists that need not be, or stay, a child.
 *
 * @param owned whether it shall belong to the owner of the plan
 */
record Belonging<S, T>(Declared<S, T> declared, boolean owned) implements Declared<S, T> {
    @Override
    public Kind<S, T> kind() {
        return declared.kind();
    }

    @Override
    public String name() {
        return declared.name();
    }

    @Override
    public S spec() {
        return declared.spec();
    }

    @Override
    public Map<String, String> labels() {
        return declared.labels();
    }

    @Override
    public Map<String, String> annotations() {
        return declared.annotations();
    }
}
