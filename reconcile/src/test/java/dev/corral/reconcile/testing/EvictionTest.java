package dev.corral.reconcile.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.corral.reconcile.InvalidSpec;
import dev.corral.reconcile.workload.Job;
import dev.corral.reconcile.workload.Node;
import dev.corral.reconcile.workload.Pod;
import dev.corral.reconcile.workload.PodFailurePolicy;
import dev.corral.reconcile.workload.PodStatus;
import dev.corral.reconcile.workload.Taint;
import dev.corral.reconcile.workload.Toleration;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Pods on a node that gets a taint. */
class EvictionTest {
    private static final Pod WEB = Pod.named("web").container(c -> c.command("serve"));

    private static Pod tolerating(String tolerations) {
        Pod pod = WEB;
        for (String one : tolerations.equals("-") ? new String[0] : tolerations.split(" ", -1)) {
            Toleration forEver = Toleration.equal("team", "red");
            Toleration toleration = switch (one) {
                case "ever" -> forEver;
                case "other" -> Toleration.exists("other");
                default -> forEver.during(Duration.ofSeconds(Long.parseLong(one)));
            };
            pod = pod.spec(spec -> spec.toleration(toleration));
        }
        return pod;
    }

    /** Tolerations in their order, each for so many seconds; the first that matches counts. */
    @ParameterizedTest(name = "{0}, tolerated {1}: there at {2} s {3}")
    @CsvSource({
        "NO_EXECUTE, -, 0, false",
        "NO_EXECUTE, other, 0, false",
        "NO_EXECUTE, ever, 86400, true",
        "NO_EXECUTE, 60, 59, true",
        "NO_EXECUTE, 60, 60, false",
        "NO_EXECUTE, 0, 0, false",
        "NO_EXECUTE, ever 60, 86400, true",
        "NO_EXECUTE, 60 ever, 60, false",
        "NO_EXECUTE, other 60, 59, true",
        "NO_SCHEDULE, -, 86400, true",
        "PREFER_NO_SCHEDULE, -, 86400, true",
    })
    void aTaintEndsWhatDoesNotTolerateItOrNotLongEnough(
            Taint.Effect effect, String tolerations, long seconds, boolean there) {
        Simulation world = Simulation.ofWorkloads()
                .apply(tolerating(tolerations))
                .settle()
                .apply(Node.named("local").taint("team", "red", effect))
                .advance(Duration.ofSeconds(seconds));
        assertThat(world.pods().anyMatch(Pod::active)).isEqualTo(there);
        assertThat(world.events().stream().anyMatch(event -> event.reason().equals("TaintEviction")))
                .isEqualTo(!there);
    }

    @ParameterizedTest(name = "at {0} s it is there: {1}")
    @CsvSource({"29, true", "30, false"})
    void ofTwoTaintsTheOneThatIsToleratedForLessTimeDecides(long seconds, boolean there) {
        Simulation world = Simulation.ofWorkloads()
                .apply(WEB.spec(
                        spec -> spec.toleration(Toleration.equal("team", "red").during(Duration.ofSeconds(60)))
                                .toleration(Toleration.exists("broken").during(Duration.ofSeconds(30)))))
                .settle()
                .apply(Node.named("local")
                        .taint("team", "red", Taint.Effect.NO_EXECUTE)
                        .taint("broken", "", Taint.Effect.NO_EXECUTE))
                .advance(Duration.ofSeconds(seconds));
        assertThat(world.pods().anyMatch(Pod::active)).isEqualTo(there);
    }

    @Test
    void aTaintThatGoesInTimeIsForgotten() {
        Node tainted = Node.named("local").taint("team", "red", Taint.Effect.NO_EXECUTE);
        Simulation world = Simulation.ofWorkloads().apply(tolerating("60")).settle();
        world.apply(tainted).advance(Duration.ofSeconds(50));
        world.apply(Node.named("local")).advance(Duration.ofSeconds(50));
        assertThat(world.get(Pod.KIND, "web").metadata().annotations()).isEmpty();
        world.apply(tainted).advance(Duration.ofSeconds(50));
        assertThat(world.get(Pod.KIND, "web")).as("the time begins anew").matches(Pod::active);
    }

    @ParameterizedTest(name = "a rule to ignore it: {0}")
    @ValueSource(booleans = {true, false})
    void whyItWasEvictedDecidesWhetherItsJobHasFailed(boolean ignored) {
        Job job = Job.named("job").backoffLimit(0).container(c -> c.command("work"));
        Simulation world = Simulation.ofWorkloads()
                .apply(
                        ignored
                                ? job.podFailurePolicy(PodFailurePolicy.none()
                                        .onPodCondition(PodFailurePolicy.Action.IGNORE, PodStatus.DISRUPTION_TARGET))
                                : job)
                .settle()
                .apply(Node.named("local").taint("team", "red", Taint.Effect.NO_EXECUTE))
                .settle()
                .apply(Node.named("local"))
                .settle();
        assertThat(Job.FAILED.test(world.get(Job.KIND, "job"))).isEqualTo(!ignored);
        assertThat(world.pods().anyMatch(Pod::ready)).isEqualTo(ignored);
    }

    @Test
    void onlyNoExecuteIsToleratedForATime() {
        Toleration wrong =
                Toleration.exists("team").during(Duration.ofSeconds(-1)).effect(Taint.Effect.NO_SCHEDULE);
        assertThatThrownBy(() -> Simulation.ofWorkloads().apply(WEB.spec(spec -> spec.toleration(wrong))))
                .isInstanceOf(InvalidSpec.class)
                .hasMessageContainingAll(
                        "spec.tolerations[0].tolerationTime: PT-1S: it must be 0 or more",
                        "spec.tolerations[0].effect: 'NO_SCHEDULE': with a tolerationTime it must be NO_EXECUTE");
    }
}
