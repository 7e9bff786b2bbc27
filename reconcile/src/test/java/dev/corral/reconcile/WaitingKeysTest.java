package dev.corral.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WaitingKeysTest {
    private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");

    /** A key whose hash says little. */
    private record Clumsy(int number) {
        @Override
        public int hashCode() {
            return number % 7;
        }
    }

    private record Wanted(Instant due, int priority, long number) {}

    /** Times within a moment, within minutes, and hours apart; the clock leaps, backwards too. */
    @ParameterizedTest(name = "seed {0}, {1} keys, up to {2} ms")
    @CsvSource({"1, 20, 50", "2, 300, 5000", "3, 300, 600000", "4, 2000, 100000000", "5, 2000, 1500", "6, 5, 100000000"
    })
    void behavesLikeAMapOfTimes(long seed, int keys, int longest) {
        Random random = new Random(seed);
        WaitingKeys<Clumsy> waiting = new WaitingKeys<>();
        Map<Clumsy, Wanted> model = new HashMap<>();
        Instant now = BEGIN;
        long number = 0;
        int taken = 0;
        for (int step = 0; step < 20_000; step++) {
            Clumsy key = new Clumsy(random.nextInt(keys));
            switch (random.nextInt(10)) {
                case 0 -> {
                    int priority = random.nextInt(3);
                    waiting.drop(key, priority);
                    model.computeIfPresent(key, (same, wanted) -> wanted.priority() <= priority ? null : wanted);
                }
                case 1, 2, 3 -> {
                    now = now.plusMillis(random.nextInt(longest) / 20 - longest / 200);
                    for (var due = waiting.due(now); due != null; due = waiting.due(now)) {
                        Map.Entry<Clumsy, Wanted> first = first(model);
                        assertThat(due.key).isEqualTo(first.getKey());
                        assertThat(due.due).isEqualTo(first.getValue().due()).isBeforeOrEqualTo(now);
                        assertThat(due.priority).isEqualTo(first.getValue().priority());
                        model.remove(due.key);
                        taken++;
                    }
                }
                default -> {
                    Instant due = now.plusMillis(random.nextInt(longest));
                    int priority = random.nextInt(3);
                    Wanted old = model.get(key);
                    boolean earlier = old == null || due.isBefore(old.due());
                    if (old == null) {
                        model.put(key, new Wanted(due, priority, number++));
                    } else if (earlier || priority > old.priority()) {
                        Instant time = earlier ? due : old.due();
                        model.put(key, new Wanted(time, Math.max(priority, old.priority()), number++));
                    }
                    assertThat(waiting.add(key, due, priority)).isEqualTo(earlier);
                }
            }
            assertThat(waiting.size()).isEqualTo(model.size());
            assertThat(waiting.next())
                    .isEqualTo(model.isEmpty() ? null : first(model).getValue().due());
        }
        assertThat(taken).isPositive();
    }

    private static Map.Entry<Clumsy, Wanted> first(Map<Clumsy, Wanted> model) {
        return model.entrySet().stream()
                .min(Map.Entry.comparingByValue(
                        Comparator.comparing(Wanted::due).thenComparingLong(Wanted::number)))
                .orElseThrow();
    }

    @Test
    void whatIsFarOffDoesNotHideWhatComesBefore() {
        WaitingKeys<String> waiting = new WaitingKeys<>();
        waiting.add("tomorrow", BEGIN.plus(Duration.ofDays(1)), 0);
        assertThat(waiting.next()).isEqualTo(BEGIN.plus(Duration.ofDays(1)));
        waiting.add("soon", BEGIN.plusSeconds(1), 0);
        waiting.add("later", BEGIN.plusSeconds(60), 0);

        assertThat(all(waiting, BEGIN.plus(Duration.ofDays(2)))).containsExactly("soon", "later", "tomorrow");
    }

    @Test
    void keysOfOneTimeComeInTheOrderInWhichTheyWereAdded() {
        WaitingKeys<Integer> waiting = new WaitingKeys<>();
        for (int key = 0; key < 100; key++) {
            waiting.add(key, BEGIN.plusSeconds(5), 0);
        }
        assertThat(all(waiting, BEGIN.plusSeconds(5))).isSorted().hasSize(100);
    }

    @Test
    void clearedItHoldsNothingAndTakesNewOnes() {
        WaitingKeys<String> waiting = new WaitingKeys<>();
        waiting.add("old", BEGIN, 0);
        waiting.add("old too", BEGIN.plusSeconds(100), 0);
        waiting.clear();
        assertThat(waiting.size()).isZero();
        assertThat(waiting.next()).isNull();

        assertThat(waiting.add("old", BEGIN.plusSeconds(50), 0)).isTrue();
        assertThat(all(waiting, BEGIN.plusSeconds(100))).containsExactly("old");
    }

    private static <K> List<K> all(WaitingKeys<K> waiting, Instant now) {
        List<K> keys = new ArrayList<>();
        for (var due = waiting.due(now); due != null; due = waiting.due(now)) {
            keys.add(due.key);
        }
        return keys;
    }
}
