package dev.corral.reconcile;

import java.time.Duration;
import java.util.Optional;

/** One write of a commit. */
sealed interface Write<S, T> {
    static <S, T> Write<S, T> create(Key key, Declared<S, T> declared) {
        return new Create<>(key, declared);
    }

    static <S, T> Write<S, T> apply(Key key, Declared<S, T> declared, String applier, Optional<OwnerReference> owner) {
        return new Apply<>(key, declared, applier, owner);
    }

    record Create<S, T>(Key key, Declared<S, T> declared) implements Write<S, T> {}

    record Apply<S, T>(Key key, Declared<S, T> declared, String applier, Optional<OwnerReference> owner)
            implements Write<S, T> {}

    record Update<S, T>(Resource<S, T> resource) implements Write<S, T> {}

    record UpdateStatus<S, T>(Resource<S, T> resource, boolean sameVersion) implements Write<S, T> {}

    record Delete<S, T>(Resource<S, T> resource, Optional<Duration> grace) implements Write<S, T> {}

    record Remove<S, T>(Resource<S, T> resource) implements Write<S, T> {}

    record Require<S, T>(Resource<S, T> resource) implements Write<S, T> {}
}
