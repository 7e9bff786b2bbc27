package dev.corral.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TreeTest {
    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void behavesLikeASortedMapAndOlderVersionsDoNotMove(long seed) {
        Random random = new Random(seed);
        TreeMap<Integer, Integer> model = new TreeMap<>();
        Tree<Integer, Integer> tree = Tree.empty();
        Tree<Integer, Integer> old = tree;
        Map<Integer, Integer> oldModel = Map.of();
        for (int step = 0; step < 5_000; step++) {
            int key = random.nextInt(300);
            if (random.nextInt(3) == 0) {
                tree = tree.remove(key);
                model.remove(key);
            } else {
                tree = tree.put(key, step);
                model.put(key, step);
            }
            if (step == 2_000) {
                old = tree;
                oldModel = new TreeMap<>(model);
            }
            assertThat(tree.get(key).orElse(-1)).isEqualTo(model.getOrDefault(key, -1));
        }
        assertThat(entries(tree, 0)).isEqualTo(List.copyOf(model.entrySet()));
        assertThat(entries(tree, 150)).isEqualTo(List.copyOf(model.tailMap(150).entrySet()));
        assertThat(entries(old, 0)).isEqualTo(List.copyOf(oldModel.entrySet()));
    }

    @Test
    void aVisitEndsWhenTheVisitorHasEnough() {
        Tree<Integer, String> tree =
                Tree.<Integer, String>empty().put(1, "a").put(2, "b").put(3, "c");
        List<Integer> visited = new ArrayList<>();
        tree.from(1, (key, value) -> visited.add(key) && key < 2);

        assertThat(visited).containsExactly(1, 2);
    }

    @Test
    void ascendingKeysStayShallow() {
        Tree<Integer, Integer> tree = Tree.empty();
        for (int i = 0; i < 100_000; i++) {
            tree = tree.put(i, i);
        }
        assertThat(entries(tree, 99_998)).containsExactly(Map.entry(99_998, 99_998), Map.entry(99_999, 99_999));
    }

    private static List<Map.Entry<Integer, Integer>> entries(Tree<Integer, Integer> tree, int from) {
        List<Map.Entry<Integer, Integer>> entries = new ArrayList<>();
        tree.from(from, (key, value) -> entries.add(Map.entry(key, value)));
        return entries;
    }
}
