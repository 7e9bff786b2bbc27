package dev.corral.reconcile.workload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corral.reconcile.workload.Rollout.Size;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RolloutTest {
    /** Ten replicas, a quarter of surge (3) and of unavailability (2): each row is one pass, sizes and available pods. */
    @ParameterizedTest(name = "old {0} ({1} available), new {2} ({3} available): {4}/{5}")
    @CsvSource({
        "10, 10, 0, 0, 10, 3",
        "10, 10, 3, 0, 8, 3",
        "8, 8, 3, 0, 8, 5",
        "8, 8, 5, 0, 8, 5",
        "8, 8, 5, 5, 3, 5",
        "3, 3, 5, 5, 3, 10",
        "3, 3, 10, 5, 3, 10",
        "3, 3, 10, 10, 0, 10",
        "0, 0, 10, 10, 0, 10"
    })
    void tenReplicasByQuarters(int old, int oldAvailable, int fresh, int freshAvailable, int oldNext, int freshNext) {
        Rollout next = tenByQuarters(new Size(fresh, freshAvailable), new Size(old, oldAvailable))
                .next();
        assertThat(next.old().get(0).wanted()).isEqualTo(oldNext);
        assertThat(next.fresh().wanted()).isEqualTo(freshNext);
    }

    @Test
    void unhealthyOldPodsGoFirstAndTheOldestOfThem() {
        Rollout next =
                tenByQuarters(new Size(3, 0), new Size(4, 3), new Size(6, 1)).next();
        assertThat(next.old()).containsExactly(new Size(4, 3, 3), new Size(6, 5, 1));
    }

    @Test
    void aStatusFromBeforeShrinkingCountsNothingTwice() {
        Rollout next = tenByQuarters(new Size(5, 5), new Size(8, 10)).next();
        assertThat(next.old()).containsExactly(new Size(8, 3, 8));
    }

    @Test
    void aPodThatIsYetToBeDeletedTakesUpRoom() {
        Rollout rollout = new Rollout(3, 1, 0, new Size(1, 1), List.of(new Size(3, 2, 3)));
        assertThat(rollout.next()).as("there are four pods").isEqualTo(rollout);
        Rollout deleted = new Rollout(3, 1, 0, new Size(1, 1), List.of(new Size(2, 2)));
        assertThat(deleted.next().fresh().wanted()).isEqualTo(2);
    }

    @Test
    void aBrokenTemplateLeavesTheOldPodsThatMustBeAvailable() {
        Rollout rollout = tenByQuarters(new Size(0, 0), new Size(10, 10));
        for (int i = 0; i < 20; i++) {
            rollout = caughtUp(rollout.next());
        }
        assertThat(rollout.old()).containsExactly(new Size(8, 8));
        assertThat(rollout.fresh()).isEqualTo(new Size(5, 0));
    }

    @Test
    void oneMoreAndNoneMissingReplacesOneAtATime() {
        Rollout rollout = new Rollout(3, 1, 0, new Size(0, 0), List.of(new Size(3, 3)));
        StringBuilder sizes = new StringBuilder();
        while (!rollout.next().equals(rollout)) {
            rollout = rollout.next();
            sizes.append(rollout.old().get(0).wanted())
                    .append('/')
                    .append(rollout.fresh().wanted())
                    .append(' ');
            rollout = available(rollout, rollout.fresh().wanted());
        }
        assertThat(sizes).hasToString("3/1 2/1 2/2 1/2 1/3 0/3 ");
    }

    @Test
    void noRolloutLeavesItsBoundsAndEachOneEnds() {
        Random random = new Random(7);
        for (int round = 0; round < 500; round++) {
            int replicas = random.nextInt(12);
            int surge = random.nextInt(4);
            int unavailable = Math.min(replicas, surge == 0 ? 1 + random.nextInt(3) : random.nextInt(4));
            Size first = new Size(random.nextInt(replicas + 1), replicas);
            Size second = new Size(replicas - first.wanted(), replicas);
            Rollout rollout = new Rollout(replicas, surge, unavailable, new Size(0, 0), List.of(first, second));
            String story = "round " + round + ": " + rollout;
            for (int step = 0; step < 200; step++) {
                int ready = rollout.fresh().available() + random.nextInt(2);
                rollout = available(rollout.next(), ready);
                int total = rollout.fresh().wanted()
                        + rollout.old().stream().mapToInt(Size::wanted).sum();
                int available = rollout.fresh().available()
                        + rollout.old().stream().mapToInt(Size::available).sum();
                assertThat(total).as(story).isLessThanOrEqualTo(replicas + surge);
                assertThat(available).as(story).isGreaterThanOrEqualTo(replicas - unavailable);
            }
            assertThat(rollout.old()).as(story).containsExactly(new Size(0, 0), new Size(0, 0));
            assertThat(rollout.fresh()).as(story).isEqualTo(new Size(replicas, replicas));
        }
    }

    private static Rollout available(Rollout rollout, int fresh) {
        return new Rollout(
                rollout.replicas(),
                rollout.surge(),
                rollout.unavailable(),
                new Size(rollout.fresh().wanted(), fresh),
                rollout.old().stream()
                        .map(size -> new Size(size.wanted(), size.available()))
                        .toList());
    }

    /** Once each has created and deleted what it has to. */
    private static Rollout caughtUp(Rollout rollout) {
        return available(rollout, rollout.fresh().available());
    }

    private static Rollout tenByQuarters(Size fresh, Size... old) {
        return new Rollout(10, 3, 2, fresh, List.of(old));
    }
}
