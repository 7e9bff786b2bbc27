package dev.corral.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NumberedTest {
    /** Numbers that begin low and get ever higher, as those of resources that come and go. */
    @ParameterizedTest(name = "seed {0}, {1} kept, {2} apart")
    @CsvSource({"1, 5, 1", "2, 300, 1", "3, 300, 50", "4, 40, 100000000000", "5, 2000, 3"})
    void behavesLikeAMapAndOlderVersionsDoNotMove(long seed, int kept, long apart) {
        Random random = new Random(seed);
        Numbered<Integer> numbered = Numbered.empty();
        TreeMap<Long, Integer> model = new TreeMap<>();
        List<Numbered<Integer>> old = new ArrayList<>();
        List<Map<Long, Integer>> oldModels = new ArrayList<>();
        Object edit = new Object();
        long next = 0;
        for (int step = 0; step < 20_000; step++) {
            if (random.nextInt(4) == 0) {
                edit = new Object();
                if (step % 2_000 < 4) {
                    old.add(numbered);
                    oldModels.add(new TreeMap<>(model));
                }
            }
            if (model.size() < kept || random.nextInt(3) == 0) {
                numbered = numbered.put(edit, next, step);
                model.put(next, step);
                next += 1 + (long) (random.nextDouble() * apart);
            } else if (random.nextBoolean()) {
                long one = among(model, random, next);
                numbered = numbered.put(edit, one, step);
                model.put(one, step);
            } else {
                long one = among(model, random, next);
                numbered = numbered.remove(edit, one);
                model.remove(one);
            }
            long asked = (long) (random.nextDouble() * (next + 10));
            assertThat(numbered.get(asked)).isEqualTo(model.get(asked));
        }
        assertThat(old).isNotEmpty();
        old.add(numbered);
        oldModels.add(model);
        for (int i = 0; i < old.size(); i++) {
            for (Map.Entry<Long, Integer> entry :
                    oldModels.get(oldModels.size() - 1).entrySet()) {
                assertThat(old.get(i).get(entry.getKey()))
                        .isEqualTo(oldModels.get(i).get(entry.getKey()));
            }
            for (Map.Entry<Long, Integer> entry : oldModels.get(i).entrySet()) {
                assertThat(old.get(i).get(entry.getKey())).isEqualTo(entry.getValue());
            }
        }
        for (int i = 0; i < old.size(); i++) {
            int other = random.nextInt(old.size());
            assertThat(differences(old.get(other), old.get(i)))
                    .isEqualTo(differences(oldModels.get(other), oldModels.get(i)));
        }
        assertThat(differences(Numbered.empty(), numbered)).hasSameSizeAs(model.keySet());
        assertThat(differences(numbered, numbered)).isEmpty();
    }

    private static List<String> differences(Numbered<Integer> before, Numbered<Integer> after) {
        List<String> all = new ArrayList<>();
        after.compare(before, (then, now) -> all.add(then + " " + now));
        return all;
    }

    private static List<String> differences(Map<Long, Integer> before, Map<Long, Integer> after) {
        Set<Long> numbers = new TreeSet<>(before.keySet());
        numbers.addAll(after.keySet());
        return numbers.stream()
                .filter(number -> !Objects.equals(before.get(number), after.get(number)))
                .map(number -> before.get(number) + " " + after.get(number))
                .toList();
    }

    private static long among(NavigableMap<Long, Integer> model, Random random, long next) {
        Long above = model.ceilingKey((long) (random.nextDouble() * next));
        return above == null ? model.lastKey() : above;
    }

    @Test
    void whatIsNotThereIsNull() {
        Numbered<String> one = Numbered.<String>empty().put(new Object(), 20, "twenty");

        assertThat(Numbered.empty().get(0)).isNull();
        assertThat(one.get(4)).isNull();
        assertThat(one.get(20 + 256)).isNull();
        assertThat(one.get(Long.MAX_VALUE)).isNull();
        assertThat(one.remove(new Object(), 4)).isSameAs(one);
        assertThat(one.remove(new Object(), 20).get(20)).isNull();
        assertThat(one.get(20)).isEqualTo("twenty");
    }

    @Test
    void theHighestNumbersHaveTheirPlaces() {
        Object edit = new Object();
        Numbered<String> two = Numbered.<String>empty().put(edit, 0, "lowest").put(edit, Long.MAX_VALUE, "highest");

        assertThat(two.get(0)).isEqualTo("lowest");
        assertThat(two.get(Long.MAX_VALUE)).isEqualTo("highest");
        assertThat(two.get(Long.MAX_VALUE - 1)).isNull();
    }
}
