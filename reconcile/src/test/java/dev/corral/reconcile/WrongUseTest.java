package dev.corral.reconcile;

import static dev.corral.reconcile.Stores.LAMP;
import static dev.corral.reconcile.Stores.lamp;
import static dev.corral.reconcile.Stores.task;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Wrong use gets an error that says what, on what, and what to do. */
class WrongUseTest {
    record Empty() {}

    @SuppressWarnings("ArrayRecordComponent") // wrong on purpose
    record WithArray(int size, byte[] content) {}

    record WithFunction(Supplier<String> name) {}

    record Nested(WithCounter inner) {}

    record WithCounter(AtomicInteger count) {}

    @Test
    void aStatusOrSpecThatIsNotAValue() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Kind.of("Bad", Empty.class, WithArray.class))
                .withMessage(
                        "status of Bad is not a value: WithArray.content is an array, which is equal only to itself: use a List");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Kind.of("Bad", WithFunction.class, Empty.class))
                .withMessage(
                        "spec of Bad is not a value: WithFunction.name is a function, which is equal only to itself:"
                                + " store data");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Kind.of("Bad", Empty.class, Nested.class))
                .withMessage(
                        "status of Bad is not a value: Nested.inner.count (java.util.concurrent.atomic.AtomicInteger)"
                                + " has no equals of its own: use a record");
        assertThatIllegalArgumentException().isThrownBy(() -> Kind.of("Bad", Empty.class, StringBuilder.class));
        assertThat(Kind.of("Good", Empty.class, Duration.class).initialStatus()).isEqualTo(Duration.ZERO);
    }

    @Test
    void aChildOfAKindThatNobodyKnows() {
        Kind<Empty, Empty> gadget = Kind.of("Gadget", Empty.class, Empty.class);
        try (Plane plane = new Plane()) {
            plane.manager.controller(LAMP, lamp -> Plan.children(Declared.of(gadget, "one", new Empty())));
            plane.start().apply(lamp("hall", 1)).advance(Duration.ofHours(1));
            assertThat(plane.told("UnknownKind"))
                    .containsExactly(
                            "the plan for Lamp default/hall lists Gadget 'one', but no controller or loop of this"
                                    + " manager is for Gadget: register one, or say knows(..) where it is plain data or somebody"
                                    + " else's work");
            assertThat(plane.names(gadget)).isEmpty();
        }
        try (Plane plane = new Plane()) {
            plane.manager.controller(
                    LAMP,
                    lamp -> Plan.children(Declared.of(gadget, "one", new Empty())),
                    options -> options.owns(gadget));
            plane.start().apply(lamp("hall", 1));
            assertThat(plane.names(gadget)).containsExactly("one");
        }
    }

    @Test
    void aPlanWithTwoChildrenOfOneName() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Plan.children(task("a"), task("a")))
                .withMessage("the plan lists Task 'a' twice");
    }

    @Test
    void anUpdateOfAnOutdatedVersion() {
        Store store = Stores.on(Stores.clock());
        var read = store.create(lamp("hall", 1)).orThrow();
        store.update(read.labels(Map.of("a", "b"))).orThrow();
        assertThatExceptionOfType(WriteRefused.class)
                .isThrownBy(() -> store.update(read).orThrow())
                .withMessage("Lamp default/hall was not written: it was read at version 1 and is at version 2 now");
    }

    @Test
    void aNameOrLabelThatKubernetesWouldRefuse() {
        Store store = Stores.on(Stores.clock());
        assertThatExceptionOfType(InvalidSpec.class)
                .isThrownBy(() -> store.create(lamp("Hall", Map.of("a b", "c/d"))))
                .withMessageContaining("metadata.name: 'Hall' is not a DNS subdomain")
                .withMessageContaining("metadata.labels[a b]: key 'a b' is not")
                .withMessageContaining("metadata.labels[a b]: value 'c/d' is neither");
    }

    @Test
    void optionsThatMakeNoSense() {
        ControllerOptions<Empty, Empty> options = ControllerOptions.none();
        assertThatIllegalArgumentException().isThrownBy(() -> options.workers(0));
        assertThatIllegalArgumentException().isThrownBy(() -> options.maxAttempts(0));
        assertThatIllegalArgumentException().isThrownBy(() -> options.timeout(Duration.ZERO));
        assertThatIllegalArgumentException().isThrownBy(() -> options.minInterval(Duration.ofSeconds(-1)));
        assertThatIllegalArgumentException().isThrownBy(() -> options.debounce(Duration.ofSeconds(-1)));
        assertThatIllegalArgumentException().isThrownBy(() -> Source.every(Duration.ZERO, now -> List.of()));
        try (Plane plane = new Plane()) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> plane.manager.loop(
                            "agent",
                            LAMP,
                            (key, now) -> Optional.empty(),
                            loop -> loop.cleanup(lamp -> Plan.children())))
                    .withMessageStartingWith("a loop has no plan");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> plane.manager.handle(LAMP))
                    .withMessage("there is no controller for Lamp");
        }
    }
}
