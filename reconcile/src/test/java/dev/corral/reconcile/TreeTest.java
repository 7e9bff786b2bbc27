package dev.corral.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TreeTest {
    /** Few keys come and go at the border of one node, many make and unmake levels. */
    @ParameterizedTest(name = "seed {0}, {1} keys, {2} puts of {3}")
    @CsvSource({
        "1, 10, 1, 2",
        "2, 40, 1, 2",
        "3, 300, 2, 3",
        "4, 300, 1, 3",
        "5, 5000, 2, 3",
        "6, 5000, 1, 3",
        "7, 40000, 9, 10",
        "8, 40000, 3, 10"
    })
    void behavesLikeASortedMapAndOlderVersionsDoNotMove(long seed, int keys, int puts, int of) {
        Random random = new Random(seed);
        TreeMap<Integer, Integer> model = new TreeMap<>();
        Tree<Integer, Integer> tree = Tree.empty();
        if (puts * 2 < of) {
            for (int key = 0; key < keys; key++) {
                tree = tree.put(new Object(), key, -1);
                model.put(key, -1);
            }
        }
        List<Tree<Integer, Integer>> old = new ArrayList<>();
        List<List<Integer>> oldModels = new ArrayList<>();
        Object edit = new Object();
        for (int step = 0; step < 40_000; step++) {
            // A version that somebody may keep ends the edit, as a commit does.
            if (random.nextInt(4) == 0) {
                edit = new Object();
                if (step % 4_000 < 4) {
                    old.add(tree);
                    oldModels.add(List.copyOf(model.values()));
                }
            }
            int key = random.nextInt(keys);
            if (random.nextInt(of) < puts) {
                tree = tree.put(edit, key, step);
                model.put(key, step);
            } else {
                tree = tree.remove(edit, key);
                model.remove(key);
            }
            assertThat(tree.get(key)).isEqualTo(model.get(key));
        }
        assertThat(all(tree)).isEqualTo(List.copyOf(model.values()));
        for (int i = 0; i < 200; i++) {
            int from = random.nextInt(keys);
            int to = from + random.nextInt(keys - from + 1);
            assertThat(within(tree, from, to))
                    .as("from %d to below %d", from, to)
                    .isEqualTo(List.copyOf(model.subMap(from, to).values()));
        }
        for (int key = 0; key < keys; key++) {
            assertThat(tree.get(key)).isEqualTo(model.get(key));
        }
        assertThat(old).isNotEmpty();
        for (int i = 0; i < old.size(); i++) {
            assertThat(all(old.get(i))).as("version %d", i).isEqualTo(oldModels.get(i));
        }
    }

    /** Each version is made from any of the ones before it, not only from the newest. */
    @ParameterizedTest(name = "seed {0}")
    @CsvSource({"1", "2", "3"})
    void anyVersionCanBeTheBeginningOfOthers(long seed) {
        Random random = new Random(seed);
        List<Tree<Integer, Integer>> versions = new ArrayList<>(List.of(Tree.empty()));
        List<TreeMap<Integer, Integer>> models = new ArrayList<>(List.of(new TreeMap<>()));
        for (int version = 1; version < 200; version++) {
            int from = random.nextInt(Math.max(0, version - 5), version);
            Tree<Integer, Integer> tree = versions.get(from);
            TreeMap<Integer, Integer> model = new TreeMap<>(models.get(from));
            Object edit = new Object();
            for (int i = random.nextInt(100); i > 0; i--) {
                int key = random.nextInt(400);
                if (random.nextInt(3) == 0) {
                    tree = tree.remove(edit, key);
                    model.remove(key);
                } else {
                    tree = tree.put(edit, key, version);
                    model.put(key, version);
                }
            }
            versions.add(tree);
            models.add(model);
        }
        for (int version = 0; version < versions.size(); version++) {
            assertThat(all(versions.get(version)))
                    .as("version %d", version)
                    .isEqualTo(List.copyOf(models.get(version).values()));
        }
    }

    @Test
    void anEditThatIsGivenUpLeavesNothingBehind() {
        Tree<Integer, String> tree = filled(1_000);
        List<String> before = all(tree);
        Object edit = new Object();
        Tree<Integer, String> draft = tree.put(edit, 1, "other").put(edit, 2, "other");
        for (int key = 500; key < 900; key++) {
            draft = draft.remove(edit, key);
        }

        assertThat(all(draft)).hasSize(600);
        assertThat(all(tree)).isEqualTo(before);
    }

    @Test
    void whatChangesNothingIsTheSameTree() {
        Tree<Integer, String> tree = filled(100);

        String there = String.valueOf(tree.get(7));
        assertThat(tree.remove(new Object(), 1_000)).isSameAs(tree);
        assertThat(tree.put(new Object(), 7, there)).isSameAs(tree);
        assertThat(tree.put(new Object(), 7, "other")).isNotSameAs(tree);
    }

    @Test
    void aRangeMayLieBetweenTwoKeysOrBeyondAll() {
        Tree<Integer, String> tree = filled(1_000);

        assertThat(within(tree, 5, 5)).isEmpty();
        assertThat(within(tree, -10, 0)).isEmpty();
        assertThat(within(tree, 1_000, 2_000)).isEmpty();
        assertThat(within(tree, -10, 2_000)).isEqualTo(all(tree));
        assertThat(within(Tree.<Integer, String>empty(), 0, 10)).isEmpty();
    }

    @Test
    void isEmptyOnceTheLastKeyIsGone() {
        Tree<Integer, String> tree = filled(2_000);
        for (int key = 1_999; key >= 0; key--) {
            assertThat(tree.isEmpty()).isFalse();
            tree = tree.remove(new Object(), key);
        }
        assertThat(tree.isEmpty()).isTrue();
    }

    /** A search may look at so many keys only as halving the rest each time allows, however the keys came. */
    @Test
    void searchesAreShortAfterAscendingKeys() {
        int keys = 100_000;
        Tree<Counted, Integer> tree = Tree.empty();
        for (int i = 0; i < keys; i++) {
            tree = tree.put(new Object(), new Counted(i, new HashMap<>()), i);
        }
        for (int i = 0; i < keys; i += 997) {
            Counted probe = new Counted(i, new HashMap<>());
            assertThat(tree.get(probe)).isEqualTo(i);
            assertThat(probe.compared()).hasSizeLessThanOrEqualTo(25);
        }
    }

    /** A number that knows what it was compared with. */
    private record Counted(int number, Map<Integer, Integer> compared) implements Comparable<Counted> {
        @Override
        public int compareTo(Counted other) {
            compared.merge(other.number, 1, Integer::sum);
            return Integer.compare(number, other.number);
        }
    }

    private static Tree<Integer, String> filled(int keys) {
        Object edit = new Object();
        Tree<Integer, String> tree = Tree.empty();
        for (int key : IntStream.range(0, keys).toArray()) {
            tree = tree.put(edit, key, "value " + key);
        }
        return tree;
    }

    private static <V> List<V> all(Tree<Integer, V> tree) {
        List<V> values = new ArrayList<>();
        tree.each(values::add);
        return values;
    }

    private static <V> List<V> within(Tree<Integer, V> tree, int from, int to) {
        List<V> values = new ArrayList<>();
        tree.within(key -> key < from ? -1 : key < to ? 0 : 1, values::add);
        return values;
    }
}
