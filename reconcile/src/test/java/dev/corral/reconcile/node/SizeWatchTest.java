package dev.corral.reconcile.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corral.Requirement;
import dev.corral.reconcile.testing.ManualClock;
import dev.corral.reconcile.workload.ContainerRuntime;
import dev.corral.reconcile.workload.ContainerState;
import dev.corral.reconcile.workload.PodContents;
import dev.corral.reconcile.workload.PodSpec;
import dev.corral.reconcile.workload.Volume;
import dev.corral.reconcile.workload.VolumeSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SizeWatchTest {
    private final ManualClock clock = ManualClock.startingAt(Instant.EPOCH);

    @Test
    void aDirectoryThatHoldsTooMuchIsToldAtEachLook(@TempDir Path directory) throws Exception {
        List<String> told = new ArrayList<>();
        Path volume = directory.resolve("data");
        Files.createDirectories(volume.resolve("below"));
        SizeWatch watch = new SizeWatch(Map.of(volume, 10L), clock, Runnable::run, told::add);
        try (watch) {
            Files.writeString(volume.resolve("below/file"), "1234567890");
            Files.createSymbolicLink(volume.resolve("link"), Path.of("/etc"));
            clock.advance(SizeWatch.PERIOD);
            Files.delete(volume.resolve("link"));
            assertThat(told).isEmpty();
            Files.writeString(volume.resolve("more"), "x");
            clock.advance(SizeWatch.PERIOD.minusSeconds(1));
            assertThat(told).isEmpty();
            clock.advance(Duration.ofSeconds(1));
            clock.advance(SizeWatch.PERIOD);
            assertThat(told).hasSize(2).containsOnly("volume data holds 11 bytes, its limit is 10");
        }
        clock.advance(SizeWatch.PERIOD);
        assertThat(told).hasSize(2);
    }

    @Test
    void containersOfAPodThatExceedsAreEndedAndSayWhy() throws Exception {
        ExecutorService executor = Executors.newCachedThreadPool();
        LogPolicy logs = LogPolicy.memory(dev.corral.ByteSize.kibibytes(1));
        try (ProcessRuntime runtime =
                new ProcessRuntime(executor, Requirement.ENFORCE, clock, logs, Optional.empty())) {
            PodSpec pod = PodSpec.empty()
                    .volume(Volume.emptyDir("data", VolumeSource.Medium.DISK, "1Ki"))
                    .container(c -> c.command("/bin/sh", "-c", "head -c 2000 /dev/zero > /data/f; echo full; sleep 600")
                            .mount("data", "/data"));
            ContainerRuntime.Order order = new ContainerRuntime.Order(
                    new ContainerRuntime.Identity("web-0", "uid", "main", 0),
                    pod.containers().get(0),
                    pod,
                    PodContents.none());
            try (ContainerRuntime.Run run = runtime.start(order)) {
                Awaitility.await()
                        .atMost(Duration.ofSeconds(60))
                        .until(() -> run.output().contains("full"));
                clock.advance(SizeWatch.PERIOD);
                assertThat(run.exited().get(60, TimeUnit.SECONDS))
                        .returns(ContainerState.EVICTED, ContainerRuntime.Ended::reason)
                        .returns("volume data holds 2000 bytes, its limit is 1024", ContainerRuntime.Ended::message);
            }
        } finally {
            executor.shutdown();
        }
    }
}
