package dev.corral.examples.classic;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class BothWaysTest {
    @Test
    void theLoopStartsAnotherInPlaceOfTheOneThatWasKilled() throws InterruptedException {
        List<List<Long>> pids = BothWays.imperative();

        List<Long> before = pids.get(0);
        List<Long> after = pids.get(1);
        assertThat(after).hasSize(3).doesNotHaveDuplicates();
        assertThat(after.subList(1, 3)).isEqualTo(before.subList(1, 3));
        assertThat(after.get(0)).isNotEqualTo(before.get(0));
    }

    @Test
    void theDeploymentHeals() throws InterruptedException {
        List<String> pods = BothWays.declarative().lines().skip(1).toList();

        assertThat(pods).hasSize(3).allMatch(pod -> pod.contains("1/1"));
        assertThat(pods.stream().filter(pod -> pod.matches(".*Running +1 .*"))).hasSize(1);
    }
}
