package dev.corral.reconcile.plane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.corral.reconcile.workload.DaemonSet;
import dev.corral.reconcile.workload.Deployment;
import dev.corral.reconcile.workload.Pod;
import dev.corral.reconcile.workload.PodTemplate;
import dev.corral.reconcile.workload.Revision;
import dev.corral.reconcile.workload.Revisioned;
import dev.corral.reconcile.workload.StatefulSet;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class UndoTest {
    private static final Deployment WEB = Deployment.named("web").replicas(2);
    private static final StatefulSet DB = StatefulSet.named("db").replicas(2);
    private static final DaemonSet AGENT = DaemonSet.named("agent");

    private final Cluster cluster = new Cluster();

    @AfterEach
    void close() {
        cluster.close();
    }

    /** The three kinds, each in three versions. */
    static Stream<List<Revisioned<?, ?>>> kinds() {
        return Stream.of(
                versions(version -> WEB.container(c -> c.command("serve").env("VERSION", version))),
                versions(version -> DB.container(c -> c.command("store").env("VERSION", version))),
                versions(version -> AGENT.container(c -> c.command("watch").env("VERSION", version))));
    }

    private static List<Revisioned<?, ?>> versions(Function<String, Revisioned<?, ?>> make) {
        return List.of(make.apply("1"), make.apply("2"), make.apply("3"));
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void goesBackToTheOneBeforeOrToAnyThatIsKnown(List<Revisioned<?, ?>> versions) {
        Revisioned<?, ?> workload = versions.get(2);
        assertThat(cluster.plane.history(workload)).isEmpty();
        cluster.apply(versions.get(0)).apply(versions.get(1)).apply(workload);
        assertThat(history(workload)).containsExactly("1 of 1", "2 of 2", "3 of 3, present");

        assertThat(cluster.plane.undo(workload).number()).isEqualTo(2);
        cluster.settle();
        assertThat(running()).containsOnly("2");
        assertThat(history(workload)).containsExactly("1 of 1", "3 of 3", "4 of 2, present");

        assertThat(cluster.plane.undo(workload).number()).as("forth again").isEqualTo(3);
        cluster.settle();
        assertThat(running()).containsOnly("3");

        assertThat(version(cluster.plane.undo(workload, 1).template())).isEqualTo("1");
        cluster.settle();
        assertThat(running()).containsOnly("1");
        assertThat(history(workload)).containsExactly("4 of 2", "5 of 3", "6 of 1, present");

        long before = cluster.plane.store().snapshot().version();
        assertThat(cluster.plane.undo(workload, 6).present()).isTrue();
        assertThat(cluster.plane.store().snapshot().version())
                .as("it is there already")
                .isEqualTo(before);
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void saysWhyThereIsNothingToGoBackTo(List<Revisioned<?, ?>> versions) {
        Revisioned<?, ?> workload = versions.get(0);
        String title = workload.kind().name() + " " + workload.name();
        assertThatThrownBy(() -> cluster.plane.undo(workload))
                .isInstanceOf(NoSuchRevision.class)
                .hasMessage("there is no " + title + ": apply it first");
        cluster.apply(workload);
        assertThatThrownBy(() -> cluster.plane.undo(workload))
                .isInstanceOf(NoSuchRevision.class)
                .hasMessageStartingWith(title + " has no revision before the present one");
        assertThatThrownBy(() -> cluster.plane.undo(workload, 7))
                .isInstanceOf(NoSuchRevision.class)
                .hasMessage(title + " has no revision 7, or not any more: it has [1]");
        cluster.close();
        assertThatThrownBy(() -> cluster.plane.undo(workload)).isInstanceOf(PlaneClosed.class);
    }

    @Test
    void onlyTheTemplateGoesBack() {
        Deployment web = WEB.container(c -> c.command("serve"));
        cluster.apply(web).apply(web.replicas(4).container(c -> c.env("VERSION", "2")));
        cluster.plane.undo(web);
        cluster.settle();
        assertThat(cluster.plane.get(web).orElseThrow())
                .matches(Deployment.COMPLETE)
                .matches(found -> found.spec().replicas() == 4)
                .matches(found -> !found.spec().template().labels().containsKey(PodTemplate.HASH_LABEL));
        assertThat(running()).containsExactly("", "", "", "");
    }

    @Test
    void aPausedDeploymentKeepsItsTemplateUntilItGoesOn() {
        Deployment web = WEB.container(c -> c.command("serve"));
        assertThat(cluster.plane.pause(web)).as("it isn't there").isFalse();
        assertThat(cluster.plane.resume(web)).isFalse();
        cluster.apply(web);
        assertThat(cluster.plane.pause(web)).isTrue();
        assertThat(cluster.plane.pause(web)).as("it is already").isTrue();
        Deployment paused = web.paused(true).container(c -> c.env("VERSION", "2"));
        cluster.apply(paused).apply(paused.replicas(3));
        assertThat(running()).containsExactly("", "", "");
        cluster.plane.delete(Pod.KIND, cluster.pods().get(0).name());
        cluster.settle();
        assertThat(running()).as("what ends is replaced").containsExactly("", "", "");
        assertThat(cluster.plane.get(web).orElseThrow()).matches(Deployment.COMPLETE.negate());

        assertThat(cluster.plane.resume(web)).isTrue();
        cluster.settle();
        assertThat(running()).containsExactly("2", "2", "2");

        cluster.plane.pause(web);
        cluster.plane.undo(web);
        cluster.settle();
        assertThat(running()).as("going back waits too").containsExactly("2", "2", "2");
        cluster.plane.resume(web);
        cluster.settle();
        assertThat(running()).containsExactly("", "", "");
    }

    @ParameterizedTest(name = "resumed by {0}")
    @ValueSource(strings = {"a call", "what is applied"})
    void whatIsAppliedMeanwhileDoesNotEndAPause(String end) {
        Deployment web = WEB.container(c -> c.command("serve"));
        cluster.apply(web);
        cluster.plane.pause(web);
        Deployment second = web.container(c -> c.env("VERSION", "2"));
        Deployment third = web.container(c -> c.env("VERSION", "3"));
        cluster.apply(second).apply(third);
        assertThat(running()).containsExactly("", "");
        if (end.equals("a call")) {
            cluster.plane.resume(web);
            cluster.settle();
        } else {
            cluster.apply(third.paused(false));
        }
        assertThat(running()).containsExactly("3", "3");
        assertThat(history(web)).as("several changes, one rollout").hasSize(2);
        cluster.apply(second);
        assertThat(running()).containsExactly("2", "2");
    }

    @Test
    void aPauseThatIsNoLongerDeclaredIsOver() {
        Deployment web = WEB.container(c -> c.command("serve"));
        Deployment second = web.container(c -> c.env("VERSION", "2"));
        cluster.apply(web).apply(second.paused(true));
        assertThat(running()).containsExactly("", "");
        cluster.apply(second);
        assertThat(running()).containsExactly("2", "2");
    }

    private List<String> history(Revisioned<?, ?> workload) {
        return cluster.plane.history(workload).stream().map(UndoTest::text).toList();
    }

    private static String text(Revision revision) {
        return revision.number() + " of " + version(revision.template()) + (revision.present() ? ", present" : "");
    }

    private static String version(PodTemplate template) {
        var env = template.spec().containers().get(0).env();
        return env.isEmpty() ? "" : env.get(0).value();
    }

    private List<String> running() {
        return cluster.runtime.live().stream()
                .map(run -> run.container.env().stream()
                        .filter(variable -> variable.name().equals("VERSION"))
                        .map(variable -> variable.value())
                        .findFirst()
                        .orElse(""))
                .toList();
    }
}
