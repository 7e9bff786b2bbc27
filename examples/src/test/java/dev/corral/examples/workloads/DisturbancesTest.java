package dev.corral.examples.workloads;

import static dev.corral.reconcile.workload.RollingUpdate.maxSurge;
import static dev.corral.reconcile.workload.RollingUpdate.maxUnavailable;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.corral.examples.leak.Census;
import dev.corral.examples.testing.Needs;
import dev.corral.reconcile.Clock;
import dev.corral.reconcile.Resource;
import dev.corral.reconcile.plane.ControlPlane;
import dev.corral.reconcile.workload.Deployment;
import dev.corral.reconcile.workload.Pod;
import dev.corral.reconcile.workload.PodSpec;
import dev.corral.reconcile.workload.PodStatus;
import dev.corral.reconcile.workload.ReplicaSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A Deployment rolls all the time while its processes are killed and its pods are deleted: fifty times in the usual run, a thousand
 * times with {@code -Pdisturbances}. A faster clock makes back-offs and graces short.
 */
class DisturbancesTest {
    private static final int TIMES = Integer.getInteger("corral.disturbances", 50);
    private static final int REPLICAS = 5;
    /** Each so many disturbances the template changes. */
    private static final int ROLL = 10;

    private static final int HASTE = 50;
    private static final Duration LONG = Duration.ofHours(24);
    private static final Duration PASSING = Duration.ofSeconds(60);

    /** In the environment of every program, so that all can be found. */
    private final String mark = UUID.randomUUID().toString();

    /** Where the host has control groups for this user. */
    private final boolean limited = Needs.hasControlGroups();

    private final List<Path> parents = limited ? Census.parents() : List.of();

    private final Random random = new Random(1);

    @Test
    @Timeout(value = 600, unit = TimeUnit.SECONDS)
    void leaveExactlyWhatIsDeclaredAndNothingElse() throws Exception {
        disturb(2); // whatever is made once is there before it is counted
        Census before = Census.now(parents);
        List<String> mounts = mounts();
        disturb(TIMES);
        await().pollInSameThread()
                .atMost(PASSING)
                .untilAsserted(() -> Census.now(parents).assertNothingWasAddedTo(before));
        assertThat(mounts()).isEqualTo(mounts);
        assertThat(processes()).isEmpty();
    }

    private void disturb(int times) throws InterruptedException {
        try (ControlPlane plane =
                ControlPlane.local().clock(Clock.system().faster(HASTE)).start()) {
            Deployment declared = version(0);
            plane.apply(declared);
            assertThat(plane.await(declared, Deployment.COMPLETE, LONG)).isPresent();
            assertThat(Census.now(parents).groups()).hasSizeGreaterThanOrEqualTo(limited ? REPLICAS : 0);
            for (int i = 1; i <= times; i++) {
                if (i % ROLL == 0 || i == 1) {
                    declared = version(i);
                    plane.apply(declared);
                }
                disturbOnce(plane, i % 2 == 0);
            }
            assertThat(plane.await(declared, Deployment.COMPLETE, LONG)).isPresent();
            exactly(plane, declared);
        }
    }

    private Deployment version(int number) {
        return Deployment.named("disturbed")
                .replicas(REPLICAS)
                .container(c -> (limited ? c.pids(16) : c)
                        .command("sleep", "1000")
                        .env("MARK", mark)
                        .env("VERSION", Integer.toString(number)))
                .revisionHistoryLimit(2)
                .rollingUpdate(maxSurge(2), maxUnavailable(1));
    }

    /** A pod is deleted, or a process of it killed; whatever there is at that moment. */
    private void disturbOnce(ControlPlane plane, boolean delete) {
        if (delete) {
            List<Resource<PodSpec, PodStatus>> pods =
                    plane.list(Pod.KIND).stream().filter(Pod::active).toList();
            if (!pods.isEmpty()) {
                plane.delete(Pod.KIND, pods.get(random.nextInt(pods.size())).name());
            }
            return;
        }
        List<ProcessHandle> processes = processes();
        if (!processes.isEmpty()) {
            processes.get(random.nextInt(processes.size())).destroyForcibly();
        }
        LockSupport.parkNanos(random.nextInt(2_000_000)); // somewhere in the middle of what it has set going
    }

    private void exactly(ControlPlane plane, Deployment declared) {
        await().pollInSameThread().atMost(PASSING).untilAsserted(() -> {
            List<Resource<PodSpec, PodStatus>> pods = plane.list(Pod.KIND);
            assertThat(pods).hasSize(REPLICAS).allMatch(Pod::ready);
            assertThat(pods)
                    .allMatch(pod -> pod.spec()
                            .containers()
                            .equals(declared.spec().template().spec().containers()));
            assertThat(processes()).hasSize(REPLICAS);
        });
        assertThat(plane.list(ReplicaSet.KIND)).hasSizeLessThanOrEqualTo(3);
    }

    private List<ProcessHandle> processes() {
        return ProcessHandle.current()
                .descendants()
                .filter(ProcessHandle::isAlive)
                .filter(process -> environment(process).contains(mark))
                .toList();
    }

    private static String environment(ProcessHandle process) {
        try {
            return Files.readString(Path.of("/proc", Long.toString(process.pid()), "environ"));
        } catch (IOException gone) {
            return "";
        }
    }

    /** Those that may come from here: others mount and unmount on this machine, too. */
    private static List<String> mounts() throws IOException {
        String own = "-" + ProcessHandle.current().pid() + "-";
        return Files.readAllLines(Path.of("/proc/self/mountinfo")).stream()
                .filter(line -> List.of("/", "/proc").contains(line.split(" ", 6)[4]) || line.contains(own))
                .sorted()
                .toList();
    }
}
