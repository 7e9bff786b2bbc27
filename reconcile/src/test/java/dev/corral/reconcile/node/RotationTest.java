package dev.corral.reconcile.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corral.reconcile.Key;
import dev.corral.reconcile.Metadata;
import dev.corral.reconcile.Resource;
import dev.corral.reconcile.workload.Pod;
import dev.corral.reconcile.workload.PodSpec;
import dev.corral.reconcile.workload.PodStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RotationTest {
    private static final Resource<PodSpec, PodStatus> POD = new Resource<>(
            Pod.KIND, Metadata.created(Key.of("web-0"), "uid", 1, Instant.EPOCH), PodSpec.empty(), PodStatus.unseen());

    private final List<Key> idle = new ArrayList<>();
    private final Rotation rotation = new Rotation(idle::add);

    @Test
    void theLastLeaseThatIsGivenBackIsTold() {
        Rotation.Lease one = rotation.lease(POD);
        Rotation.Lease two = rotation.lease(POD);
        assertThat(rotation.leases("uid")).isEqualTo(2);
        one.close();
        assertThat(idle).isEmpty();
        two.close();
        assertThat(idle).containsExactly(Key.of("web-0"));
        assertThat(rotation.leases("uid")).isZero();
    }

    @Test
    void givingBackTwiceGivesBackOnce() {
        Rotation.Lease one = rotation.lease(POD);
        Rotation.Lease two = rotation.lease(POD);
        one.close();
        one.close();
        assertThat(rotation.leases("uid")).isEqualTo(1);
        two.close();
    }
}
