package dev.corral.reconcile.workload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corral.reconcile.Plan;
import dev.corral.reconcile.Resource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What one pass over a StatefulSet does; the letters are those of {@link Stage}, by position, {@code -} for none. */
class StatefulSetPassTest {
    private static final StatefulSet OLD = StatefulSet.named("db").container(c -> c.command("store"));

    private static StatefulSet set(StatefulSet old, String options) {
        StatefulSet set = old;
        for (String option : options.strip().split(" ", -1)) {
            String[] parts = option.split("=", -1);
            String value = parts.length > 1 ? parts[1] : "";
            set = switch (parts[0]) {
                case "ordered" -> set.replicas(Integer.parseInt(value));
                case "parallel" -> set.parallel().replicas(Integer.parseInt(value));
                case "start" -> set.startOrdinal(Integer.parseInt(value));
                case "partition" -> set.partition(Integer.parseInt(value));
                case "unavailable" ->
                    value.endsWith("%") ? set.maxUnavailable(value) : set.maxUnavailable(Integer.parseInt(value));
                case "onDelete" -> set.onDelete();
                case "force" -> set.forceProgress(true);
                default -> throw new IllegalArgumentException(option);
            };
        }
        return set;
    }

    /** {@code +0} creates ordinal 0 from the new template, {@code ~0} from the old one, {@code -0} deletes it. */
    @ParameterizedTest(name = "{0}: {1} gives {2}")
    @CsvSource(textBlock = """
            # in order: each waits for the one before
            ordered=3, ---, +0
            ordered=3, A--, +1
            ordered=3, U--, ''
            ordered=3, P--, ''
            ordered=3, T--, ''
            ordered=3, F--, -0
            ordered=3, S--, -0
            ordered=3, AAA, ''
            ordered=3, AFA, -1
            ordered=3, A-A, +1
            ordered=3, -AA, +0
            ordered=0, ---, ''
            # those too many, from the top, after the wanted ones
            ordered=1, AAA, -2
            ordered=1, AAU, -2
            ordered=1, AUU, ''
            ordered=1, AUA, -2
            ordered=1, AAT, ''
            ordered=1, UAA, ''
            ordered=0, AAA, -2
            ordered=0, A--, -0
            # all at once
            parallel=3, ---, +0 +1 +2
            parallel=3, UT-, +2
            parallel=3, FS-, +2 -0 -1
            parallel=1, AUU, -1 -2
            parallel=1, UAT, -1
            parallel=0, AAA, -0 -1 -2
            # a new template, from the top and one at a time, in parallel too
            ordered=3, aaa, -2
            ordered=3, aaA, -1
            ordered=3, aaU, ''
            ordered=3, aaT, ''
            ordered=3, aAA, -0
            parallel=3, aaa, -2
            parallel=3, aaU, ''
            parallel=3, aa-, +2
            # scaling before updating
            ordered=4, aaa-, +3
            ordered=2, aaa, -2
            # a partition is a position
            ordered=3 partition=2, aaa, -2
            ordered=3 partition=2, aaA, ''
            ordered=3 partition=3, aaa, ''
            ordered=3 partition=9, aaa, ''
            ordered=3 partition=2, -aA, ~0
            ordered=3 partition=2, aa-, +2
            ordered=3 partition=0, -aA, +0
            ordered=3 start=5 partition=1, aaa, -7
            ordered=3 start=5 partition=1, aAA, ''
            ordered=3 start=5 partition=1, -AA, ~5
            # several at a time
            parallel=3 unavailable=2, aaa, -1 -2
            parallel=3 unavailable=2, aaU, -1
            parallel=3 unavailable=2, aUU, ''
            parallel=3 unavailable=2, aTa, -2
            parallel=4 unavailable=50%, aaaa, -2 -3
            parallel=3 unavailable=50%, aaa, -2
            parallel=3 unavailable=10%, aaa, -2
            parallel=3 unavailable=9, aaa, -0 -1 -2
            parallel=3 unavailable=2 partition=2, aaa, -2
            # only what somebody deletes
            ordered=3 onDelete, aaa, ''
            ordered=3 onDelete, a-a, +1
            # an old template that never becomes available
            ordered=3, u--, ''
            ordered=3 force, u--, -0
            ordered=3 force, p--, -0
            ordered=3 force, aua, -1
            ordered=3 force, U--, ''
            ordered=3 force, t--, ''
            ordered=3 force partition=1, u--, ''
            parallel=3 force, u--, +1 +2
            """)
    void onePass(String options, String pods, String done) throws Exception {
        Passed passed = passed(OLD, options, pods);
        assertThat(done(passed.plan, passed.fresh)).isEqualTo(done);
    }

    /** The current revision becomes that of the template when all pods are of it and ready. */
    @ParameterizedTest(name = "{0}, {1}: of {2} there are {3}, of the new one {4}, ready {5}")
    @CsvSource({
        "ordered=3, AAA, new, 3, 3, 3",
        "ordered=3, AAU, old, 0, 3, 2",
        "ordered=3, aAA, old, 0, 2, 3",
        "ordered=3 partition=1, aAA, old, 1, 2, 3",
        "ordered=3 onDelete, AAA, old, 0, 3, 3",
        "ordered=3, AAT, old, 0, 2, 3",
    })
    void whatIsSaidOfRevisions(String options, String pods, String current, int ofCurrent, int updated, int ready)
            throws Exception {
        Passed passed = passed(OLD, options, pods);
        assertThat(passed.plan.status().orElseThrow())
                .returns(current.equals("new") ? passed.fresh : passed.old, StatefulSetStatus::currentRevision)
                .returns(passed.fresh, StatefulSetStatus::updateRevision)
                .returns(ofCurrent, StatefulSetStatus::currentReplicas)
                .returns(updated, StatefulSetStatus::updatedReplicas)
                .returns(ready, StatefulSetStatus::readyReplicas);
    }

    /** The limit is for those that are not in use. */
    @Test
    void aRevisionThatAPodHasIsKept() throws Exception {
        StatefulSet forgetful = OLD.spec(spec -> spec.revisionHistoryLimit(0));
        Passed used = passed(forgetful, "ordered=3 onDelete", "aAA");
        assertThat(used.plan.kept()).extracting(Resource::name).contains(used.old);
    }

    private record Passed(Plan<StatefulSetStatus> plan, String old, String fresh) {}

    private static Passed passed(StatefulSet first, String options, String pods) throws Exception {
        Stage stage = new Stage();
        Resource<StatefulSetSpec, StatefulSetStatus> stored = stage.put(set(first, options));
        ControllerRevision old = Stage.revision(stage.plan(StatefulSet.KIND, "db", StatefulSetController::reconcile));
        stage.child(stored, old);
        stage.status(stored, new StatefulSetStatus(1, 0, 0, 0, 0, 0, old.name(), old.name(), 0, Map.of()));
        Resource<StatefulSetSpec, StatefulSetStatus> changed =
                stage.put(set(first.container(c -> c.env("VERSION", "2")), options));
        String fresh = Stage.revision(stage.plan(StatefulSet.KIND, "db", StatefulSetController::reconcile))
                .name();
        for (int position = 0; position < pods.length(); position++) {
            char letter = pods.charAt(position);
            int ordinal = changed.spec().startOrdinal() + position;
            if (letter != '-') {
                stage.pod(
                        changed,
                        "db-" + ordinal,
                        labels(ordinal, Character.isLowerCase(letter) ? old.name() : fresh),
                        changed.spec().template().spec(),
                        letter);
            }
        }
        return new Passed(stage.plan(StatefulSet.KIND, "db", StatefulSetController::reconcile), old.name(), fresh);
    }

    private static Map<String, String> labels(int ordinal, String revision) {
        return Map.of(
                "app",
                "db",
                StatefulSet.POD_NAME_LABEL,
                "db-" + ordinal,
                StatefulSet.POD_INDEX_LABEL,
                Integer.toString(ordinal),
                ControllerRevision.LABEL,
                revision);
    }

    private static String done(Plan<?> plan, String fresh) {
        List<String> created = new ArrayList<>();
        plan.listed().stream().filter(Pod.class::isInstance).forEach(pod -> {
            boolean isFresh = fresh.equals(pod.labels().get(ControllerRevision.LABEL));
            created.add((isFresh ? "+" : "~") + pod.name().substring(3));
        });
        Stream<String> deleted = plan.deleted().stream()
                .map(pod -> "-" + pod.name().substring(3))
                .sorted();
        return String.join(" ", Stream.concat(created.stream(), deleted).toList());
    }
}
