package dev.corral.reconcile.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.corral.ExecFailed;
import dev.corral.Requirement;
import dev.corral.Signal;
import dev.corral.cgroups.Cgroups;
import dev.corral.cgroups.Controller;
import dev.corral.reconcile.workload.Container;
import dev.corral.reconcile.workload.ContainerRuntime;
import dev.corral.reconcile.workload.ContainerState;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ProcessRuntimeTest {
    private static final ContainerRuntime.Identity POD = new ContainerRuntime.Identity("web-0", "uid", "main", 0);

    /** What nobody else on the machine runs. */
    private static final String SLEEP = "sleep 4711." + ProcessHandle.current().pid();

    private static final String ABSENT =
            "/no/such/program-" + ProcessHandle.current().pid();

    private final ExecutorService executor = Executors.newCachedThreadPool();
    private final ProcessRuntime runtime = new ProcessRuntime(executor, Requirement.ENFORCE);

    @AfterEach
    void stop() {
        executor.shutdown();
    }

    @Test
    void aContainerSeesItsPortsItsVariablesAndItsOwnName() throws Exception {
        Container container = shell("echo $PORT $PORT_ADMIN_UI $(PORT) $URL; hostname; echo $HOSTNAME")
                .port("http")
                .port("admin-ui", 9000)
                .env("URL", "http://localhost:$(PORT)/");
        ContainerRuntime.Run run = start(container);
        assertThat(ended(run).reason()).isEqualTo(ContainerState.COMPLETED);
        run.close();
        Map<String, Integer> ports = run.ports();
        assertThat(ports).containsEntry("admin-ui", 9000).containsKey("http");
        Integer port = ports.get("http");
        assertThat(run.output().lines())
                .containsExactly(port + " 9000 " + port + " http://localhost:" + port + "/", "web-0", "web-0");
    }

    @Test
    void anExitCodeAndASignalAreToldApart() throws Exception {
        try (ContainerRuntime.Run run = start(shell("exit 3"))) {
            assertThat(ended(run))
                    .returns(3, ContainerRuntime.Ended::exitCode)
                    .returns(ContainerState.ERROR, ContainerRuntime.Ended::reason);
        }
        try (ContainerRuntime.Run run = start(shell("exec sleep 60"))) {
            run.terminate();
            assertThat(ended(run).signal()).contains(Signal.TERM);
        }
    }

    @Test
    void closingKillsAllProcessesOfAContainer() throws Exception {
        ContainerRuntime.Run run = start(shell("trap '' TERM; echo deaf; " + SLEEP + " & " + SLEEP));
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(() -> run.output().contains("deaf") && processes(SLEEP) > 1);
        run.terminate();
        run.close();
        run.close();
        assertThat(ended(run).signal()).contains(Signal.KILL);
        assertThat(processes(SLEEP)).isZero();
    }

    @Test
    void aProgramThatDoesNotExistLeavesNothing() {
        Container container = Container.named("main").command(ABSENT).port("http");
        for (int i = 0; i < 5; i++) {
            assertThatThrownBy(() -> start(container)).isInstanceOf(ExecFailed.class);
        }
        assertThat(processes(ABSENT)).isZero();
    }

    @Test
    void theEndOfALongOutputIsKept() throws Exception {
        ContainerRuntime.Run run = start(shell("seq 1 100000; echo done >&2"));
        ended(run);
        run.close();
        assertThat(run.output()).hasSize(LogTail.SIZE).endsWith("99999\n100000\ndone\n");
    }

    @Test
    void theMemoryLimitKillsAndSaysSo() throws Exception {
        assumeTrue(Cgroups.detect().availability(Controller.MEMORY).ok(), "no memory controller for this user");
        Container container = shell("exec tail /dev/zero").memory("16Mi");
        try (ContainerRuntime.Run run = start(container)) {
            assertThat(ended(run))
                    .returns(ContainerState.OOM_KILLED, ContainerRuntime.Ended::reason)
                    .extracting(ContainerRuntime.Ended::message)
                    .asString()
                    .contains("limit 16 MiB", "peak");
            assertThat(run.dropped()).isEmpty();
        }
    }

    private ContainerRuntime.Run start(Container container) {
        return runtime.start(ContainerRuntime.Order.of(POD, container));
    }

    private static Container shell(String script) {
        return Container.named("main")
                .command("/bin/sh", "-c", script.replace("$", "$$").replace("$$(PORT)", "$(PORT)"));
    }

    private static ContainerRuntime.Ended ended(ContainerRuntime.Run run)
            throws InterruptedException, ExecutionException, TimeoutException {
        return run.exited().get(60, TimeUnit.SECONDS);
    }

    private static long processes(String commandLine) {
        return ProcessHandle.allProcesses()
                .flatMap(process -> process.info().commandLine().stream())
                .filter(line -> line.contains(commandLine))
                .count();
    }
}
