package dev.corral.cgroups;

import static dev.corral.ByteSize.mebibytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.corral.Applied;
import dev.corral.Exit;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Somebody removes a group while one above it is looked at: between finding it and reading its files. */
@Tag("v2")
class VanishingGroupTest extends RealGroups {
    private final Vanishing vanishing = new Vanishing(host.host().tree());

    /** The kernel's own, in which a group goes away just before one of its files is read or changed. */
    private static final class Vanishing extends Held {
        private final Set<Path> next = ConcurrentHashMap.newKeySet();

        private final AtomicBoolean spared = new AtomicBoolean();

        Vanishing(Tree tree) {
            super(tree);
        }

        /** At the next look at one of its files. */
        void soon(Path group) {
            next.add(group);
        }

        /** At the one after that. */
        void soonAfterALook(Path group) {
            spared.set(true);
            soon(group);
        }

        private void look(Path directory) {
            if (next.contains(directory) && !spared.getAndSet(false) && next.remove(directory)) {
                rmdir(directory);
            }
        }

        @Override
        public Optional<String> value(Path directory, String file) {
            look(directory);
            return super.value(directory, file);
        }

        @Override
        public Edit edit(Path directory, long inode, String file) {
            look(directory);
            return super.edit(directory, inode, file);
        }
    }

    @Test
    void whoListensAboveGoesOn() throws Exception {
        Cgroups watched = Cgroups.detect(host.host().through(vanishing), Path.of("/sys"));
        Cgroups groups = RealGroup.delegated()
                .map(path -> watched.within(Path.of("/sys/fs/cgroup" + path)))
                .orElse(watched);
        assumeTrue(groups.availability(Controller.MEMORY).ok(), groups::toString);
        Heard heard = new Heard();
        try (Cgroup pod = groups.create(name);
                Cgroup worker = pod.child("worker");
                Cgroup gone = pod.child("gone");
                Subscription listening = pod.on(heard)) {
            pod.apply(Limits.none().memory(mebibytes(48)));

            Path directory = gone.path(Controller.MEMORY).orElseThrow();
            vanishing.soon(directory);
            RealEvents.hog(worker);
            heard.await(1, CgroupEvents.OomKill.class);
            RealEvents.hog(worker);
            heard.await(2, CgroupEvents.OomKill.class);

            assertThat(directory).doesNotExist();
            assertThat(heard.all()).doesNotContain("removed");
            assertThat(listening.isActive()).isTrue();
        }
    }

    /** Version 1 counts a kill in the victim's group, which may be one below that of the child. */
    @Test
    void theExitOfAChildAboveIsExplained() {
        try (Cgroup group = host.create(name)) {
            Optional<MemoryV1> memory = group.find(MemoryV1.class);
            assumeTrue(memory.isPresent(), "version 2 counts in all groups above too");
            GroupDirectory above = memory.orElseThrow().group();
            GroupDirectory before = above.child("before");
            GroupDirectory after = above.child("after");

            vanishing.soon(before.path());
            ExitWatch watch = new ExitWatch(new Charged(List.of(above.through(vanishing)), host.layout()), 0, () -> 0);
            assertThat(before.path()).doesNotExist();
            vanishing.soon(after.path());
            Exit exit = watch.explain(
                    Exit.of(256, new Exit.Details(Duration.ZERO, Optional.empty(), Optional.empty(), List.of())));

            assertThat(after.path()).doesNotExist();
            assertThat(exit.details().causes()).isEmpty();
        }
    }

    @Test
    void theCpusOfTheGroupAboveAreSet() {
        try (Cgroup group = host.create(name)) {
            Optional<CpusetV1> cpuset = group.find(CpusetV1.class);
            assumeTrue(cpuset.isPresent(), "in version 2 the kernel sees to the groups below");
            CpuSet all = cpuset.orElseThrow().cpus();
            assumeTrue(all.size() > 1, "needs two CPUs");
            CpuSet one = CpuSet.of(all.numbers().get(0));
            GroupDirectory top = cpuset.orElseThrow().group();

            for (boolean whileItIsWritten : List.of(false, true)) {
                cpuset.orElseThrow().cpus(all);
                GroupDirectory below = top.child("below");
                CpusetV1.initialise(below);
                if (whileItIsWritten) {
                    vanishing.soonAfterALook(below.path());
                } else {
                    vanishing.soon(below.path());
                }

                Applied applied = new CpusetTree(top.through(vanishing), CpusetV1.CPUS).set(one, Pen.writing());

                assertThat(below.path()).doesNotExist();
                assertThat(applied.entries())
                        .singleElement()
                        .satisfies(entry -> assertThat(entry.readBack()).contains(one.toString()));
            }
        }
    }

    @Test
    void whatIsInTheWayOfTheGroupAboveIsTold() {
        try (Cgroup group = host.create(name)) {
            Optional<CpuV1> cpu = group.find(CpuV1.class);
            assumeTrue(cpu.isPresent(), "in version 2 a group may have less than those below");
            GroupDirectory top = cpu.orElseThrow().group();
            new CpuV1(top.child("inTheWay")).cfsQuota(Duration.ofMillis(50));
            GroupDirectory gone = top.child("gone");

            vanishing.soon(gone.path());
            assertThatThrownBy(() -> new CpuV1(top.through(vanishing)).cfsQuota(Duration.ofMillis(10)))
                    .isInstanceOf(UnsupportedLimit.class)
                    .hasMessageContaining("the group below, " + top.path() + "/inTheWay, has 50000 of 100000 us");
        }
    }

    @Test
    void whyTheGroupAboveWasNotFrozenIsTold() {
        try (Cgroup group = host.create(name)) {
            Optional<MemoryV1> memory = group.find(MemoryV1.class);
            assumeTrue(memory.isPresent(), "only version 1 lets processes wait for memory instead of killing them");
            GroupDirectory top = memory.orElseThrow().group();
            GroupDirectory gone = top.child("gone");

            vanishing.soon(gone.path());
            assertThat(FreezeTimeout.of(top.path(), List.of(top.through(vanishing)), Duration.ofSeconds(1)))
                    .hasMessageEndingWith("did not stop within 1 s");
            assertThat(gone.path()).doesNotExist();
        }
    }
}
