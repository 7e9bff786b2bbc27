package dev.corral.cgroups;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.corral.Child;
import dev.corral.Command;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * CPU time as the kernel gives it to real loops. Each share is measured over three seconds; the lower bounds are tried again,
 * since other programs on a busy machine can keep a loop from its share, while nothing may give it more; so are the ratios, as
 * on such a machine three seconds are a few turns for each.
 */
@Tag("v2")
class CpuEnforcementTest {
    private static final Command LOOP = Command.of("sh", "-c", "while :; do :; done");
    private static final Duration THREE_SECONDS = Duration.ofSeconds(3);
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final int TRIES = 8;
    /** What an emulated machine charges is of the right order and no more. */
    private static final double MOST_OF_A_TENTH = RealGroup.EMULATED ? 0.4 : 0.13;

    private static final double LEAST_OF_A_TENTH = RealGroup.EMULATED ? 0.01 : 0.08;
    private static final double LEAST_OF_THREE = RealGroup.EMULATED ? 1.2 : 2.5;
    private static final double MOST_OF_THREE = RealGroup.EMULATED ? 9 : 3.5;

    @Test
    void aLoopUnderATenthOfACpuGetsThatAndMoreWhenTheQuotaIsLifted() throws Exception {
        try (RealGroup tests = RealGroup.with(Controller.CPU);
                Child loop = LOOP.with(tests.limits().cpus(0.1)).start()) {
            Cgroup group = RealGroup.of(loop);
            await().atMost(PATIENCE).until(() -> RealGroup.throttling(group).throttled() > 1);

            List<Double> shares = new ArrayList<>();
            do {
                shares.add(RealGroup.share(loop, THREE_SECONDS));
                assertThat(shares).allSatisfy(share -> assertThat(share).isLessThan(MOST_OF_A_TENTH));
            } while (shares.get(shares.size() - 1) < LEAST_OF_A_TENTH && shares.size() < TRIES);
            assertThat(shares).anySatisfy(share -> assertThat(share).isBetween(LEAST_OF_A_TENTH, MOST_OF_A_TENTH));

            group.apply(Limits.none().cpus(2));
            double most = shares.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
            await().atMost(PATIENCE).until(() -> RealGroup.share(loop, Duration.ofSeconds(1)) > 1.5 * most);
        }
    }

    @Test
    void groupsOfWeight100And300ShareOneCpuOneToThree() throws Exception {
        try (RealGroup tests = RealGroup.with(Controller.CPU, Controller.CPUSET);
                Child light = LOOP.with(pinned(tests).cpuWeight(100)).start();
                Child heavy = LOOP.with(pinned(tests).cpuWeight(300)).start()) {
            Cgroup one = RealGroup.of(light);
            Cgroup three = RealGroup.of(heavy);
            await().atMost(PATIENCE).until(() -> !RealGroup.used(one).isZero());
            await().atMost(PATIENCE).until(() -> !RealGroup.used(three).isZero());

            List<Double> ratios = new ArrayList<>();
            do {
                Duration oneBefore = RealGroup.used(one);
                Duration threeBefore = RealGroup.used(three);
                assertThat(heavy.await(THREE_SECONDS)).isEmpty();
                long oneUsed = RealGroup.used(one).minus(oneBefore).toNanos();
                long threeUsed = RealGroup.used(three).minus(threeBefore).toNanos();
                ratios.add((double) threeUsed / Math.max(1, oneUsed));
            } while (!isThree(ratios.get(ratios.size() - 1)) && ratios.size() < TRIES);

            assertThat(ratios).anySatisfy(ratio -> assertThat(ratio).isBetween(LEAST_OF_THREE, MOST_OF_THREE));
        }
    }

    private static boolean isThree(double ratio) {
        return ratio >= LEAST_OF_THREE && ratio <= MOST_OF_THREE;
    }

    @Test
    void aChildGetsNoMoreThanTheGroupAboveIt() throws Exception {
        try (RealGroup tests = RealGroup.with(Controller.CPU)) {
            tests.group().apply(Limits.none().cpus(0.1));
            try (Child loop = LOOP.with(tests.limits()).start()) {
                await().atMost(PATIENCE)
                        .until(() -> RealGroup.throttling(tests.group()).throttled() > 2);

                assertThat(RealGroup.share(loop, THREE_SECONDS)).isLessThan(MOST_OF_A_TENTH);
            }
        }
    }

    private static Limits pinned(RealGroup tests) throws Exception {
        return tests.limits().cpuset(RealGroup.oneCpu());
    }
}
