package dev.corral.reconcile.testing;

import dev.corral.reconcile.Declared;
import dev.corral.reconcile.Key;
import dev.corral.reconcile.Kind;
import dev.corral.reconcile.Resource;
import dev.corral.reconcile.Store;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/** A step of what a user does to a world. */
sealed interface Action {
    /** Something written. */
    sealed interface Writing extends Action {
        void perform(Store store);
    }

    record Apply(Declared<?, ?> declared) implements Writing {
        @Override
        public void perform(Store store) {
            store.apply(declared).orThrow();
        }

        boolean concerns(Kind<?, ?> kind, String name) {
            return declared.kind().equals(kind) && declared.name().equals(name);
        }

        @Override
        public String toString() {
            return "user applies " + declared.kind().name() + " " + declared.name();
        }
    }

    record Delete(Kind<?, ?> kind, String name) implements Writing {
        @Override
        public void perform(Store store) {
            delete(store, kind);
        }

        private <S, T> void delete(Store store, Kind<S, T> typed) {
            Optional<Resource<S, T>> found = store.snapshot().get(typed, Key.of(name));
            while (found.isPresent() && !store.delete(found.get()).ok()) {
                found = store.snapshot().get(typed, Key.of(name));
            }
        }

        @Override
        public String toString() {
            return "user deletes " + kind.name() + " " + name;
        }
    }

    record Act(String what, Consumer<Store> body) implements Writing {
        @Override
        public void perform(Store store) {
            body.accept(store);
        }

        @Override
        public String toString() {
            return "user: " + what;
        }
    }

    record Advance(Duration duration) implements Action {}

    record Settle() implements Action {}
}
