package dev.corral.reconcile.testing;

import dev.corral.reconcile.workload.Container;
import dev.corral.reconcile.workload.ContainerRuntime;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class ScriptedRuntimeContractTest {
    @TestFactory
    Stream<DynamicTest> keepsTheContract() {
        return RuntimeContract.cases(Scripted::new).stream()
                .map(each -> DynamicTest.dynamicTest(each.name(), each::run));
    }

    /** Programs named by their first word; a second passes before each has started. */
    private static final class Scripted implements RuntimeContract.Subject {
        private final ManualClock clock = ManualClock.startingAt(Time.START);
        private final ScriptedRuntime runtime = new ScriptedRuntime(clock, (identity, container) -> script(container));

        private static Script script(Container container) {
            Script server = Script.server()
                    .startsAfter(Duration.ofSeconds(1))
                    .executes("exit 4", Duration.ofMillis(10), 4)
                    .executes("sleep", Duration.ofHours(1), 0);
            return switch (container.command().get(0)) {
                case "exit" ->
                    server.prints(container.command().get(2))
                            .exits(Integer.parseInt(container.command().get(1)), Duration.ofSeconds(2));
                case "deaf" -> server.prints("deaf\n").ignoresSigterm();
                case "impossible" -> server.cannotStart("there is no such program");
                default -> server.stopsAfter(Duration.ofSeconds(3));
            };
        }

        private static Container program(String... command) {
            return Container.named("main").command(command);
        }

        @Override
        public ContainerRuntime runtime() {
            return runtime;
        }

        @Override
        public Executor executor() {
            return Runnable::run;
        }

        @Override
        public Container exiting(int code, String line) {
            return program("exit", Integer.toString(code), line.isEmpty() ? "" : line + "\n");
        }

        @Override
        public Container serving() {
            return program("serve");
        }

        @Override
        public Container ignoringSigterm() {
            return program("deaf");
        }

        @Override
        public Container impossible() {
            return program("impossible");
        }

        @Override
        public List<String> command(int code, String line) {
            return List.of("exit " + code);
        }

        @Override
        public List<String> commandWithoutEnd() {
            return List.of("sleep");
        }

        @Override
        public <T> T await(CompletableFuture<T> future) throws Exception {
            while (!future.isDone() && clock.next().isPresent()) {
                clock.advance(Duration.between(clock.now(), clock.next().get()));
            }
            return future.getNow(null);
        }

        @Override
        public void awaitOutput(ContainerRuntime.Run run, String line) {
            if (!run.output().contains(line)) {
                throw new AssertionError("it will never write " + line);
            }
        }

        @Override
        public void close() {
            if (!runtime.running().isEmpty()) {
                throw new AssertionError("still there: " + runtime.running());
            }
        }
    }
}
