package dev.corral.cgroups;

import static dev.corral.ByteSize.mebibytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.corral.Child;
import dev.corral.Command;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Kills for want of memory, and groups that are slowed down for it. */
@Tag("v2")
class MemoryEventsTest extends RealEvents {
    @Test
    void aKillForWantOfMemoryIsTold() throws Exception {
        try (Cgroup group = host.create(name);
                Subscription listening = group.on(heard)) {
            group.apply(Limits.none().memory(mebibytes(48)));
            hog(group);

            heard.await(1, CgroupEvents.OomKill.class);
            Optional<Path> memory = group.path(Controller.MEMORY);
            assertThat(heard.all(CgroupEvents.OomKill.class)).singleElement().satisfies(kill -> {
                assertThat(kill.victim()).isEqualTo(memory);
                assertThat(kill.limit()).contains(mebibytes(48));
                assertThat(kill.owner()).isEqualTo(memory);
                // what is wanted in one piece may not fit any more when there is still a little
                assertThat(kill.peak())
                        .hasValueSatisfying(peak -> assertThat(peak).isBetween(mebibytes(46), mebibytes(48)));
            });

            hog(group);
            heard.await(2, CgroupEvents.OomKill.class);
            assertThat(heard.all(CgroupEvents.OomKill.class).get(1).owner()).isEqualTo(memory);
            assertThat(listening.isActive()).isTrue();
        }
    }

    /** Those who listen to the group above hear of the victim below, and those below of the limit above. */
    @Test
    void victimAndOwnerMayBeDifferentGroups() throws Exception {
        Heard above = new Heard();
        try (Cgroup pod = host.create(name);
                Cgroup below = inside(pod);
                Subscription first = pod.on(above);
                Subscription second = below.on(heard)) {
            pod.apply(Limits.none().memory(mebibytes(48)));
            hog(below);

            for (Heard listener : List.of(above, heard)) {
                listener.await(1, CgroupEvents.OomKill.class);
                CgroupEvents.OomKill kill =
                        listener.all(CgroupEvents.OomKill.class).get(0);
                assertThat(kill.victim()).isEqualTo(below.path(Controller.MEMORY));
                assertThat(kill.owner()).isEqualTo(pod.path(Controller.MEMORY));
                assertThat(kill.limit()).contains(mebibytes(48));
            }
            assertThat(first.isActive() && second.isActive()).isTrue();
        }
    }

    /** A limit that was in the way of an earlier kill is not taken for that of a later one. */
    @Test
    void eachKillHasTheOwnerOfItsOwnLimit() throws Exception {
        try (Cgroup pod = host.create(name);
                Cgroup below = inside(pod);
                Subscription listening = below.on(heard)) {
            below.apply(Limits.none().memory(mebibytes(32)));
            hog(below);
            heard.await(1, CgroupEvents.OomKill.class);

            below.apply(Limits.none().memory(mebibytes(400)));
            pod.apply(Limits.none().memory(mebibytes(48)));
            hog(below);
            heard.await(2, CgroupEvents.OomKill.class);

            assertThat(heard.all(CgroupEvents.OomKill.class))
                    .extracting(CgroupEvents.OomKill::owner)
                    .containsExactly(below.path(Controller.MEMORY), pod.path(Controller.MEMORY));
            assertThat(listening.isActive()).isTrue();
        }
    }

    @Test
    void memoryHighIsTold() throws Exception {
        try (Cgroup group = host.create(name);
                Subscription listening = group.on(heard)) {
            assumeTrue(
                    group instanceof CgroupV2, "only version 2 has memory.high, and memory is held by version 1 here");
            group.directories()
                    .get(0)
                    .write("memory.high", Long.toString(mebibytes(16).bytes()));
            try (Child child = Command.of("sh", "-c", "(head -c 30000000 /dev/zero; sleep 600) | tail")
                    .with(group)
                    .start()) {
                await().atMost(Heard.PATIENCE).until(() -> heard.all().contains("high"));
                assertThat(child.isAlive()).isTrue();
                assertThat(listening.isActive()).isTrue();
            }
        }
    }
}
