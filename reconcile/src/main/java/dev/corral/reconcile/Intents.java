package dev.corral.reconcile;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Effects as the store knows them: a child of the resource whose plan declares the effect, so that it is recorded in the plan's
 * commit, pruned when it is no longer declared, and collected with its owner.
 */
final class Intents {
    static final Kind<Spec, Status> KIND = Kind.of("CorralEffect", Spec.class, Status.class);

    private Intents() {}

    /** @param key the effect's */
    record Spec(String key) {}

    /**
     * @param state empty text while it is pending, else {@code Done} or {@code Failed}
     * @param result what it gave, or why it failed
     */
    record Status(String state, String result, Optional<Instant> at) {
        Effect.State read() {
            if (at.isEmpty()) {
                return new Effect.Pending();
            }
            return state.equals("Done") ? new Effect.Done(result, at.get()) : new Effect.Failed(result, at.get());
        }

        static Status done(String result, Instant at) {
            return new Status("Done", result, Optional.of(at));
        }

        static Status failed(String message, Instant at) {
            return new Status("Failed", message, Optional.of(at));
        }
    }

    /** The child that records an effect; its name follows from owner and key alone. */
    static Declared<Spec, Status> declared(Metadata owner, String key) {
        return Declared.of(KIND, name(owner.uid(), key), new Spec(key));
    }

    static Optional<Resource<Spec, Status>> find(Snapshot snapshot, Metadata owner, String key) {
        return snapshot.get(KIND, new Key(owner.namespace(), name(owner.uid(), key)))
                .filter(record -> record.metadata().ownedBy(owner));
    }

    static Effect.State state(Snapshot snapshot, Metadata owner, String key) {
        return find(snapshot, owner, key).map(record -> record.status().read()).orElseGet(Effect.Pending::new);
    }

    /** Two 64 bit hashes (FNV-1a) of both texts: a name that a store takes, whatever the texts. */
    private static String name(String uid, String key) {
        long one = 0xcbf29ce484222325L;
        long other = 0x84222325cbf29ce4L;
        for (String text : List.of(uid, "/", key)) {
            for (int i = 0; i < text.length(); i++) {
                one = (one ^ text.charAt(i)) * 0x100000001b3L;
                other = (other ^ (text.charAt(i) + i)) * 0x100000001b3L;
            }
        }
        return String.format(Locale.ROOT, "effect-%016x%016x", one, other);
    }
}
