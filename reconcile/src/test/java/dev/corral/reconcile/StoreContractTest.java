package dev.corral.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.corral.reconcile.testing.StoreContract;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class StoreContractTest {
    @TestFactory
    Stream<DynamicTest> theStoreInMemoryKeepsTheContract() {
        return StoreContract.cases(StoreContractTest::store).stream()
                .map(rule -> DynamicTest.dynamicTest(rule.name(), rule::run));
    }

    /** A store that remembers little makes every watch expire or list again. */
    @TestFactory
    Stream<DynamicTest> aStoreThatForgetsQuicklyKeepsItToo() {
        return StoreContract.cases(clock -> {
                    AtomicLong count = new AtomicLong();
                    return new MemoryStore(clock, () -> "uid-" + count.incrementAndGet(), 16);
                })
                .stream()
                .map(rule -> DynamicTest.dynamicTest(rule.name(), rule::run));
    }

    /** A contract that nothing could break would be worth nothing: uids used twice must be noticed. */
    @Test
    void aStoreThatBreaksARuleIsFound() {
        List<String> broken = StoreContract.cases(clock -> new MemoryStore(clock, () -> "the-only-uid", 1000)).stream()
                .filter(StoreContractTest::fails)
                .map(StoreContract.Case::name)
                .toList();
        assertThat(broken).isNotEmpty().anyMatch(name -> name.contains("uid"));
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() ->
                        StoreContract.cases(clock -> new MemoryStore(clock, () -> "the-only-uid", 1000)).stream()
                                .filter(rule -> rule.name().startsWith("creating gives uid"))
                                .findFirst()
                                .orElseThrow()
                                .run());
    }

    private static boolean fails(StoreContract.Case rule) {
        try {
            rule.run();
            return false;
        } catch (AssertionError | Exception broken) {
            return true;
        }
    }

    private static Store store(Clock clock) {
        AtomicLong count = new AtomicLong();
        return Store.inMemory(clock, () -> "uid-" + count.incrementAndGet());
    }
}
