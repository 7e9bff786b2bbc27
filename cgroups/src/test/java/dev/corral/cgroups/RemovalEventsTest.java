package dev.corral.cgroups;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Groups that are removed while somebody listens. */
@Tag("v2")
class RemovalEventsTest extends RealEvents {
    @Test
    void aRemovalIsToldOnceAndEndsTheSubscription() throws Exception {
        awaitSilence();
        long before = OpenDescriptors.count();
        Cgroup group = host.create(name);
        Subscription listening = group.on(heard);
        group.close();

        heard.await("removed");
        assertThat(listening.isActive()).isFalse();
        assertThat(heard.all()).containsExactly("removed");
        awaitSilence();
        await().atMost(Heard.PATIENCE)
                .untilAsserted(() -> assertThat(OpenDescriptors.count()).isEqualTo(before));
        assertThatThrownBy(() -> listening.trigger(
                        PsiTrigger.cpu(PsiTrigger.Kind.SOME, Duration.ofMillis(100), Duration.ofSeconds(2))))
                .isInstanceOf(CgroupGone.class);
        assertThatThrownBy(() -> group.on(heard)).isInstanceOf(CgroupGone.class);
        listening.close();
    }

    @Test
    void theRemovalOfAGroupBesideIsNoneOfThisOne() throws Exception {
        Cgroup other = host.create(name + "-b");
        Subscription both = other.on(heard);
        try (Cgroup group = host.create(name);
                Subscription listening = group.on(heard)) {
            other.close();
            heard.await("removed");
            assertThat(both.isActive()).isFalse();
            assertThat(listening.isActive()).isTrue();
        }
    }
}
