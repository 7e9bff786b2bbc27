package dev.corral.reconcile.testing;

import dev.corral.reconcile.Leadership;
import java.util.OptionalLong;

/** The belief of a process that it leads, in one epoch, whoever else has taken over since. */
record Reign(long number) implements Leadership {
    @Override
    public OptionalLong epoch() {
        return OptionalLong.of(number);
    }

    @Override
    public Runnable onChange(Runnable callee) {
        return () -> {};
    }
}
