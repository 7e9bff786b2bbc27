package dev.corral.benchmarks;

import dev.corral.reconcile.Declared;
import dev.corral.reconcile.Kind;
import java.util.List;
import java.util.Map;

/** Resources to measure with: small, with a label and two indexes. */
final class Things {
    static final int MANY = 100_000;

    record Spec(int number, String group) {}

    record Status(int seen) {}

    static final Kind<Spec, Status> THING = Kind.of("Thing", Spec.class, Status.class)
            .index("group", thing -> List.of(thing.spec().group()))
            .index("parity", thing -> List.of(thing.spec().number() % 2 == 0 ? "even" : "odd"));

    /** Without indexes. */
    static final Kind<Spec, Status> PLAIN = Kind.of("Plain", Spec.class, Status.class);

    private Things() {}

    static Declared<Spec, Status> thing(int name, int number) {
        return Declared.of(
                THING, "thing-" + name, Map.of("tier", "t" + name % 1000), new Spec(number, "g" + name % 1000));
    }

    static Declared<Spec, Status> plain(int name, int number) {
        return Declared.of(PLAIN, "plain-" + name, new Spec(number, "all"));
    }
}
