package dev.corral.reconcile.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corral.ByteSize;
import dev.corral.Requirement;
import dev.corral.reconcile.Clock;
import dev.corral.reconcile.workload.Container;
import dev.corral.reconcile.workload.ContainerRuntime;
import dev.corral.reconcile.workload.PodContents;
import dev.corral.reconcile.workload.PodSpec;
import dev.corral.reconcile.workload.Volume;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where a pod's end has something to remove, it must be known: otherwise that is done where everybody waits for it. */
class SharesNothingTest {
    private static final LogPolicy MEMORY = LogPolicy.memory(ByteSize.kibibytes(1));

    private final ExecutorService executor = Executors.newCachedThreadPool();

    @AfterEach
    void stop() {
        executor.shutdown();
    }

    @Test
    void aPodOfWhichNothingWasStarted() {
        try (ProcessRuntime runtime = runtime(MEMORY, Optional.empty(), Optional.empty())) {
            assertThat(runtime.sharesNothing("uid")).isTrue();
        }
    }

    @Test
    void aContainerByItself() throws Exception {
        try (ProcessRuntime runtime = runtime(MEMORY, Optional.empty(), Optional.empty())) {
            ran(runtime, PodSpec.empty().container(c -> c.port("http")));
            assertThat(runtime.sharesNothing("uid")).isTrue();
        }
    }

    @Test
    void namespacesOfThePodAreHeld() throws Exception {
        PodSpec pair = PodSpec.empty().container("main", c -> c).container("other", c -> c.command("true"));
        try (ProcessRuntime runtime = runtime(MEMORY, Optional.empty(), Optional.empty())) {
            ran(runtime, pair);
            assertThat(runtime.sharesNothing("uid")).isFalse();
            assertThat(runtime.sharesNothing("another")).isTrue();
            runtime.podGone("uid");
            assertThat(runtime.sharesNothing("uid")).isTrue();
        }
    }

    @Test
    void directoriesOfThePodAreThere() throws Exception {
        PodSpec pod = with(Volume.emptyDir("data"));
        try (ProcessRuntime runtime = runtime(MEMORY, Optional.empty(), Optional.empty())) {
            ran(runtime, pod);
            assertThat(runtime.sharesNothing("uid")).isFalse();
            runtime.podGone("uid");
            assertThat(runtime.sharesNothing("uid")).isTrue();
        }
    }

    @Test
    void theDirectoryOfAClaimIsNotThePods(@TempDir Path claims) throws Exception {
        PodSpec pod = with(Volume.claim("data", "claimed"));
        try (ProcessRuntime runtime = runtime(MEMORY, Optional.of(claims), Optional.empty())) {
            ran(runtime, pod);
            assertThat(claims.resolve("claimed")).exists();
            assertThat(runtime.sharesNothing("uid")).isTrue();
        }
    }

    @Test
    void logsInFilesGoWithThePod(@TempDir Path directory) throws Exception {
        LogPolicy files = LogPolicy.files(directory, ByteSize.kibibytes(1), 2);
        try (ProcessRuntime runtime = runtime(files, Optional.empty(), Optional.empty())) {
            ran(runtime, PodSpec.empty());
            assertThat(runtime.sharesNothing("uid")).isFalse();
            runtime.podGone("uid");
            assertThat(directory).isEmptyDirectory();
            assertThat(runtime.sharesNothing("uid")).isTrue();
        }
    }

    @Test
    void whatMayOutliveTheJvmIsOnRecord(@TempDir Path state) {
        AdoptPolicy adopt = new AdoptPolicy(state, AdoptPolicy.USUAL_PATIENCE);
        try (ProcessRuntime runtime = runtime(MEMORY, Optional.empty(), Optional.of(adopt))) {
            assertThat(runtime.sharesNothing("uid")).isFalse();
        }
    }

    private static PodSpec with(Volume volume) {
        return PodSpec.empty().volume(volume).container(c -> c.mount("data", "/data"));
    }

    /** Its container {@code main}, to its end. */
    private static void ran(ProcessRuntime runtime, PodSpec spec) throws Exception {
        UnaryOperator<Container> program = c -> c.command("echo", "done");
        PodSpec pod = spec.container("main", program);
        ContainerRuntime.Identity identity = new ContainerRuntime.Identity("web-0", "uid", "main", 0);
        try (ContainerRuntime.Run run = runtime.start(
                new ContainerRuntime.Order(identity, pod.containers().get(0), pod, PodContents.none()))) {
            run.exited().get(60, TimeUnit.SECONDS);
        }
    }

    private ProcessRuntime runtime(LogPolicy logs, Optional<Path> claims, Optional<AdoptPolicy> adopt) {
        return new ProcessRuntime(executor, Requirement.ENFORCE, Clock.system(), logs, claims, adopt);
    }
}
