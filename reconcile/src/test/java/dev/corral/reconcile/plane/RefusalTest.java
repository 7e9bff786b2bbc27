package dev.corral.reconcile.plane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.corral.reconcile.Condition;
import dev.corral.reconcile.Declared;
import dev.corral.reconcile.InvalidSpec;
import dev.corral.reconcile.workload.Deployment;
import dev.corral.reconcile.workload.Job;
import dev.corral.reconcile.workload.Node;
import dev.corral.reconcile.workload.Pod;
import dev.corral.reconcile.workload.PodStatus;
import dev.corral.reconcile.workload.Quantity;
import dev.corral.reconcile.workload.RollingUpdate;
import java.math.BigDecimal;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What hostile specs have found, each case by itself. */
class RefusalTest {
    private static final Deployment WEB = Deployment.named("web").container(c -> c.command("serve"));

    private final Cluster cluster = new Cluster();

    @AfterEach
    void close() {
        cluster.close();
    }

    @Test
    @SuppressWarnings("NullAway") // what it is about
    void aNullWithinASpecIsRefusedByItsPath() {
        refused(WEB.minReady(null), "spec.minReady: null");
        refused(
                WEB.template(template -> template.spec(pod -> pod.terminationGracePeriod(null))),
                "spec.template.spec.terminationGracePeriod: null");
        refused(
                Job.named("job").container(c -> c.command("work")).restartPolicy(null),
                "spec.template.spec.restartPolicy");
        refused(Declared.of(Pod.KIND, "pod", null), "spec: null");
    }

    @Test
    void aDurationThatNoClockCanReckonWithIsRefused() {
        Duration forEver = Duration.ofSeconds(Long.MAX_VALUE);
        refused(WEB.minReady(forEver).progressDeadline(forEver), "spec.minReady: ");
        refused(WEB.terminationGracePeriod(forEver), "spec.template.spec.terminationGracePeriod: ");
        refused(Job.named("job").container(c -> c.command("work")).activeDeadline(forEver), "at most 2147483647 s");
    }

    @Test
    void morePodsThanAnyHostCanHaveAreRefused() {
        refused(WEB.replicas(Integer.MAX_VALUE), "spec.replicas: 2147483647: it must be at most 100000");
        refused(
                Job.named("job").container(c -> c.command("work")).parallelism(1_000_000_000),
                "spec.parallelism: 1000000000");
    }

    @Test
    void aSurgeWithoutMeasureStillRollsOut() {
        Deployment wide = WEB.replicas(2).rollingUpdate(RollingUpdate.maxSurge(Integer.MAX_VALUE));
        cluster.apply(wide);
        cluster.apply(wide.container(c -> c.env("VERSION", "2"))).advance(Duration.ofMinutes(1));
        assertThat(cluster.plane.get(wide)).get().matches(Deployment.COMPLETE);
    }

    @Test
    void aQuantityWithMillionsOfDigitsIsRefusedAndNotWritten() {
        for (String huge : new String[] {"1E+2000000000", "1E-2000000000"}) {
            assertThatThrownBy(() -> new Quantity(new BigDecimal(huge), Quantity.Format.DECIMAL_SI))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("digits");
        }
    }

    @Test
    void aPodOnANodeThatThereIsNotSaysSoAndCanBeDeleted() {
        Pod lost = Pod.named("lost").container(c -> c.command("serve")).spec(spec -> spec.nodeName("nowhere"));
        cluster.apply(lost);
        assertThat(cluster.pod("lost").conditions().get(PodStatus.POD_SCHEDULED))
                .get()
                .returns(Condition.Status.FALSE, Condition::status)
                .returns("there is no node nowhere", Condition::message);
        assertThat(cluster.plane.progress(lost)).contains("0/1 Pending; NoSuchNode: there is no node nowhere");
        cluster.plane.delete(lost);
        cluster.settle();
        assertThat(cluster.pods()).isEmpty();
        assertThat(cluster.names(Node.KIND)).containsExactly("local");
    }

    private void refused(Declared<?, ?> declared, String why) {
        assertThatThrownBy(() -> cluster.plane.apply(declared))
                .isInstanceOf(InvalidSpec.class)
                .hasMessageContaining(why);
    }
}
