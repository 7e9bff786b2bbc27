package dev.corral.reconcile.workload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corral.reconcile.Condition;
import dev.corral.reconcile.Conditions;
import dev.corral.reconcile.Plan;
import dev.corral.reconcile.Resource;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What one pass over a DaemonSet does. */
class DaemonSetPassTest {
    private static final DaemonSet OLD =
            DaemonSet.named("agent").nodeSelector("disk", "ssd").container(c -> c.command("watch"));

    private static DaemonSet set(DaemonSet old, String strategy) {
        String value = strategy.replaceAll(".*=", "");
        IntOrPercent amount = strategy.equals("onDelete")
                ? IntOrPercent.of(0)
                : value.endsWith("%") ? IntOrPercent.parse(value) : IntOrPercent.of(Integer.parseInt(value));
        return old.spec(spec -> spec.updateStrategy(
                strategy.equals("onDelete")
                        ? new DaemonSetUpdateStrategy.OnDelete()
                        : strategy.startsWith("surge")
                                ? new DaemonSetUpdateStrategy.Rolling(amount, IntOrPercent.of(0))
                                : new DaemonSetUpdateStrategy.Rolling(IntOrPercent.of(0), amount)));
    }

    /**
     * Each node with its pods as in {@link Stage}, the oldest first, {@code -} for none. One with {@code !} is none of those that
     * the set wants, one with {@code ?} is dead. {@code +0} starts a pod on node 0, {@code -0a} deletes the first such one there.
     */
    @ParameterizedTest(name = "{0}: {1} gives {2}")
    @CsvSource(textBlock = """
            # each node has one
            unavailable=1, - - -, +0 +1 +2
            unavailable=1, A - A, +1
            unavailable=1, A A A, ''
            unavailable=1, T A A, ''
            unavailable=1, F A A, -0F
            unavailable=1, S A A, -0S
            unavailable=1, AA A A, -0A
            unavailable=1, !A A A, -0A
            unavailable=1, !- A A, ''
            unavailable=1, !F A A, -0F
            # a new template: old pods that serve nobody go freely, the others within the limit
            unavailable=1, a a a, -0a
            unavailable=1, A a a, -1a
            unavailable=1, u a a, -0u
            unavailable=2, u a a, -0u -1a
            unavailable=1, U a a, ''
            unavailable=1, t a a, ''
            unavailable=2, t a a, -1a
            unavailable=1, u u u, -0u -1u -2u
            unavailable=50%, a a a, -0a -1a
            unavailable=1%, a a a, -0a
            unavailable=100%, a a a, -0a -1a -2a
            # a dead node holds up nothing
            unavailable=1, ?U a a, -1a
            unavailable=1, ?t a a, -1a
            # with surge a new one comes first
            surge=1, a a a, +0
            surge=1, aU a a, ''
            surge=1, aA a a, -0a
            surge=1, uU A A, -0u
            surge=1, u a a, +0 +1
            surge=2, a a a, +0 +1
            surge=2, aU a a, +1
            surge=50%, a a a, +0 +1
            surge=1%, a a a, +0
            surge=1, !a a A, -0a
            surge=1, AA A A, -0A
            # only what somebody deletes
            onDelete, a a a, ''
            onDelete, a - a, +1
            onDelete, f a a, -0f
            """)
    void onePass(String strategy, String nodes, String done) throws Exception {
        Stage stage = new Stage();
        Resource<DaemonSetSpec, DaemonSetStatus> stored = stage.put(set(OLD, strategy));
        ControllerRevision old = Stage.revision(stage.plan(DaemonSet.KIND, "agent", DaemonSetController::reconcile));
        stage.child(stored, old);
        Resource<DaemonSetSpec, DaemonSetStatus> changed =
                stage.put(set(OLD.container(c -> c.env("VERSION", "2")), strategy));
        String fresh = Stage.revision(stage.plan(DaemonSet.KIND, "agent", DaemonSetController::reconcile))
                .name();
        String[] each = nodes.split(" ", -1);
        for (int i = 0; i < each.length; i++) {
            boolean wanted = !each[i].startsWith("!");
            node(stage, "n" + i, wanted, !each[i].startsWith("?"));
            String pods = each[i].replaceAll("[-!?]", "");
            for (int j = 0; j < pods.length(); j++) {
                char letter = pods.charAt(j);
                Map<String, String> labels = Map.of(
                        "app", "agent", ControllerRevision.LABEL, Character.isLowerCase(letter) ? old.name() : fresh);
                PodSpec spec = changed.spec().template().spec().nodeName("n" + i);
                stage.pod(changed, "agent-n" + i + "-" + j + letterName(letter), labels, spec, letter);
            }
        }
        assertThat(done(stage.plan(DaemonSet.KIND, "agent", DaemonSetController::reconcile)))
                .isEqualTo(done);
    }

    /** A pod that failed is taken away, unless one of its node was a short time ago; each time it stays twice as long. */
    @ParameterizedTest(name = "after {0} s of {1} s: {2}, and the next stays {3} s")
    @CsvSource({
        "-, -, -0F, 1",
        "60, 120, '', 120",
        "60, 60, -0F, 120",
        "60, 16, -0F, 32",
        "60, 600, '', 600",
        "2000, 600, -0F, 1",
        "950, 900, -0F, 900"
    })
    void aFailedPodOfANodeIsReplacedLessAndLessOften(String ago, String delay, String done, long next)
            throws Exception {
        Stage stage = new Stage();
        Resource<DaemonSetSpec, DaemonSetStatus> stored = stage.put(set(OLD, "unavailable=1"));
        ControllerRevision update = Stage.revision(stage.plan(DaemonSet.KIND, "agent", DaemonSetController::reconcile));
        node(stage, "n0", true, true);
        Map<String, String> labels = Map.of("app", "agent", ControllerRevision.LABEL, update.name());
        PodSpec spec = stored.spec().template().spec().nodeName("n0");
        stage.pod(stored, "agent-n0-0-nf", labels, spec, 'f');
        Instant now = stage.context(stored).now().plusSeconds(60); // that of the next pass
        if (!ago.equals("-")) {
            stage.status(
                    stored,
                    new DaemonSetStatus(
                            1,
                            1,
                            1,
                            0,
                            0,
                            1,
                            0,
                            1,
                            0,
                            Map.of(
                                    "n0",
                                    new DaemonSetStatus.BackOff(
                                            now.minusSeconds(Long.parseLong(ago)),
                                            Duration.ofSeconds(Long.parseLong(delay))))));
        }
        Plan<DaemonSetStatus> plan = stage.plan(DaemonSet.KIND, "agent", DaemonSetController::reconcile);
        assertThat(done(plan)).isEqualTo(done);
        DaemonSetStatus.BackOff backOff =
                Objects.requireNonNull(plan.status().orElseThrow().backOffs().get("n0"));
        assertThat(backOff.delay()).isEqualTo(Duration.ofSeconds(next));
        if (done.isEmpty()) {
            assertThat(plan.wake(now)).contains(backOff.end());
        }
    }

    @ParameterizedTest(name = "of {0} nodes {1} get their pod at once")
    @CsvSource({"250, 250", "251, 250"})
    void soManyStartInOnePass(int nodes, int started) throws Exception {
        Stage stage = new Stage();
        stage.put(set(OLD, "unavailable=1"));
        for (int i = 0; i < nodes; i++) {
            node(stage, "n" + i, true, true);
        }
        Plan<DaemonSetStatus> plan = stage.plan(DaemonSet.KIND, "agent", DaemonSetController::reconcile);
        assertThat(plan.listed().stream().filter(Pod.class::isInstance)).hasSize(started);
        assertThat(plan.status().orElseThrow())
                .returns(nodes, DaemonSetStatus::desiredNumberScheduled)
                .returns(started, DaemonSetStatus::currentNumberScheduled);
    }

    private static String letterName(char letter) {
        return (Character.isLowerCase(letter) ? "-o" : "-n") + Character.toLowerCase(letter);
    }

    private static void node(Stage stage, String name, boolean wanted, boolean alive) {
        Condition ready = new Condition(NodeStatus.READY, Condition.Status.of(alive), "", "", 1, Instant.EPOCH);
        stage.status(
                stage.put(Node.named(name).label("disk", wanted ? "ssd" : "hdd")),
                new NodeStatus(Map.of(), Map.of(), Conditions.none().with(ready)));
    }

    private static String done(Plan<?> plan) {
        Stream<String> created = plan.listed().stream()
                .filter(Pod.class::isInstance)
                .map(pod ->
                        "+" + ((PodSpec) pod.spec()).nodeName().orElseThrow().substring(1));
        Stream<String> deleted = plan.deleted().stream()
                .map(pod -> {
                    String name = pod.name();
                    char letter = name.charAt(name.length() - 1);
                    boolean isFresh = name.charAt(name.length() - 2) == 'n';
                    return "-" + name.charAt("agent-n".length()) + (isFresh ? Character.toUpperCase(letter) : letter);
                })
                .sorted();
        return String.join(" ", Stream.concat(created, deleted).toList());
    }
}
