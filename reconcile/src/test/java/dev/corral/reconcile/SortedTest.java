package dev.corral.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SortedTest {
    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void isLikeATreeMapOfTheSame(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            Map<String, String> from = new LinkedHashMap<>();
            for (int i = random.nextInt(20); i > 0; i--) {
                from.put("key-" + random.nextInt(30), "value-" + random.nextInt(5));
            }
            TreeMap<String, String> model = new TreeMap<>(from);
            Map<String, String> sorted = Sorted.of(from);
            assertThat(sorted).isEqualTo(model).hasSameHashCodeAs(model).hasToString(model.toString());
            assertThat(model).isEqualTo(sorted);
            assertThat(sorted.entrySet()).containsExactlyElementsOf(model.entrySet());
            assertThat(sorted).isEqualTo(Sorted.of(new HashMap<>(from)));
            for (int key = 0; key < 30; key++) {
                assertThat(sorted.get("key-" + key)).isEqualTo(model.get("key-" + key));
                assertThat(sorted.containsKey("key-" + key)).isEqualTo(model.containsKey("key-" + key));
            }
            Map<String, String> visited = new LinkedHashMap<>();
            sorted.forEach(visited::put);
            assertThat(visited.entrySet()).containsExactlyElementsOf(model.entrySet());
        }
    }

    @Test
    void anotherOrderIsNotKept() {
        Map<String, String> backwards = new TreeMap<>(Comparator.<String>reverseOrder());
        backwards.putAll(Map.of("a", "1", "b", "2", "c", "3"));

        assertThat(Sorted.of(backwards).keySet()).containsExactly("a", "b", "c");
        assertThat(Sorted.of(backwards).get("c")).isEqualTo("3");
    }

    @Test
    void isCopiedOnceAndChangedByNobody() {
        Map<String, String> from = new HashMap<>(Map.of("app", "web"));
        Map<String, String> sorted = Sorted.of(from);
        from.put("app", "other");

        assertThat(sorted).containsExactly(Map.entry("app", "web"));
        assertThat(Sorted.of(sorted)).isSameAs(sorted);
        assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(() -> sorted.put("app", "other"));
        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> sorted.keySet().remove("app"));
        Iterator<Map.Entry<String, String>> entries = sorted.entrySet().iterator();
        Map.Entry<String, String> first = entries.next();
        assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(() -> first.setValue("other"));
        assertThatExceptionOfType(NoSuchElementException.class).isThrownBy(entries::next);
    }

    @Test
    void refusesWhatIsNull() {
        assertThatNullPointerException().isThrownBy(() -> Sorted.of(Collections.singletonMap("app", null)));
    }
}
