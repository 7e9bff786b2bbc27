package dev.corral.reconcile.node;

import dev.corral.Requirement;
import dev.corral.reconcile.testing.RuntimeContract;
import dev.corral.reconcile.workload.Container;
import dev.corral.reconcile.workload.ContainerRuntime;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class ProcessRuntimeContractTest {
    @TestFactory
    Stream<DynamicTest> keepsTheContract() {
        return RuntimeContract.cases(Real::new).stream().map(each -> DynamicTest.dynamicTest(each.name(), each::run));
    }

    private static final class Real implements RuntimeContract.Subject {
        private final ExecutorService executor = Executors.newCachedThreadPool();
        private final ProcessRuntime runtime = new ProcessRuntime(executor, Requirement.ENFORCE);

        private static Container shell(String script) {
            return Container.named("main").command("/bin/sh", "-c", script);
        }

        @Override
        public ContainerRuntime runtime() {
            return runtime;
        }

        @Override
        public Executor executor() {
            return executor;
        }

        @Override
        public Container exiting(int code, String line) {
            return shell((line.isEmpty() ? "" : "echo " + line + "; ") + "exit " + code);
        }

        @Override
        public Container serving() {
            return shell("exec sleep 600");
        }

        @Override
        public Container ignoringSigterm() {
            return shell("trap '' TERM; echo deaf; sleep 600");
        }

        @Override
        public Container impossible() {
            return Container.named("main").command("/no/such/program");
        }

        @Override
        public List<String> command(int code, String line) {
            return List.of("/bin/sh", "-c", "echo " + line + "; exit " + code);
        }

        @Override
        public List<String> commandWithoutEnd() {
            return List.of("sleep", "3600");
        }

        @Override
        public <T> T await(CompletableFuture<T> future) throws Exception {
            return future.get(2, TimeUnit.MINUTES);
        }

        @Override
        public void awaitOutput(ContainerRuntime.Run run, String line) {
            Awaitility.await()
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> run.output().contains(line));
        }

        @Override
        public void close() {
            executor.shutdown();
        }
    }
}
