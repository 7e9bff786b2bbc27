package dev.corral.reconcile;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/** One write of a commit, or one thing that must hold for it. */
sealed interface Write<S, T> {
    /** What is done, in one word. */
    String verb();

    /** Kind and key of what it is about. */
    String title();

    static <S, T> Write<S, T> create(Key key, Declared<S, T> declared) {
        return new Create<>(key, declared);
    }

    static <S, T> Write<S, T> apply(
            Key key, Declared<S, T> declared, String applier, Optional<? extends Resource<?, ?>> owner) {
        return new Apply<>(key, declared, applier, owner.map(found -> found));
    }

    /** Of a child, in the name of its owner. */
    static Write<?, ?> apply(Resource<?, ?> owner, Declared<?, ?> child) {
        Key key = new Key(owner.metadata().namespace(), child.name());
        return apply(key, child, owner.metadata().uid(), Optional.of(owner));
    }

    /** A write of a declaration. */
    sealed interface OfDeclared<S, T> extends Write<S, T> {
        Key key();

        Declared<S, T> declared();

        @Override
        default String title() {
            return declared().kind().name() + " " + key();
        }
    }

    /** A write that begins with a resource as it was read. */
    sealed interface OfResource<S, T> extends Write<S, T> {
        Resource<S, T> resource();

        @Override
        default String title() {
            return resource().title();
        }
    }

    record Create<S, T>(Key key, Declared<S, T> declared) implements OfDeclared<S, T> {
        @Override
        public String verb() {
            return "create";
        }
    }

    record Apply<S, T>(Key key, Declared<S, T> declared, String applier, Optional<Resource<?, ?>> owner)
            implements OfDeclared<S, T> {
        @Override
        public String verb() {
            return "apply";
        }
    }

    record Update<S, T>(Resource<S, T> resource) implements OfResource<S, T> {
        @Override
        public String verb() {
            return "update";
        }
    }

    record UpdateStatus<S, T>(Resource<S, T> resource) implements OfResource<S, T> {
        @Override
        public String verb() {
            return "update status of";
        }
    }

    /** What a controller has decided for one generation: the status, that it was observed, whether its finalizer is held. */
    record Decide<S, T>(Resource<S, T> resource, Optional<Boolean> cleanup) implements OfResource<S, T> {
        @Override
        public String verb() {
            return "decide";
        }
    }

    record Delete<S, T>(
            Resource<S, T> resource, Optional<Duration> grace, Optional<Propagation> propagation, Set<String> letGo)
            implements OfResource<S, T> {
        @Override
        public String verb() {
            return "delete";
        }
    }

    /** Takes away a finalizer that must be there. */
    record LetGo<S, T>(Resource<S, T> resource, String finalizer) implements OfResource<S, T> {
        @Override
        public String verb() {
            return "let go";
        }
    }

    record Remove<S, T>(Resource<S, T> resource) implements OfResource<S, T> {
        @Override
        public String verb() {
            return "remove";
        }
    }

    record Require<S, T>(Resource<S, T> resource) implements OfResource<S, T> {
        @Override
        public String verb() {
            return "require";
        }
    }

    record Adopt<S, T>(Resource<S, T> resource, Resource<?, ?> owner) implements OfResource<S, T> {
        @Override
        public String verb() {
            return "adopt";
        }
    }

    record Release<S, T>(Resource<S, T> resource, Resource<?, ?> owner) implements OfResource<S, T> {
        @Override
        public String verb() {
            return "release";
        }
    }
}
