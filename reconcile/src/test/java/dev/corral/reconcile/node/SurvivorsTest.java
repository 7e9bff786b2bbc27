package dev.corral.reconcile.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.corral.Child;
import dev.corral.Command;
import dev.corral.Exit;
import dev.corral.Requirement;
import dev.corral.Signal;
import dev.corral.Stdio;
import dev.corral.namespaces.Isolation;
import dev.corral.namespaces.NamespaceType;
import dev.corral.reconcile.Clock;
import dev.corral.reconcile.Key;
import dev.corral.reconcile.workload.BackOff;
import dev.corral.reconcile.workload.Container;
import dev.corral.reconcile.workload.ContainerRuntime;
import dev.corral.reconcile.workload.LogLine;
import dev.corral.reconcile.workload.PodContents;
import dev.corral.reconcile.workload.PodSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is taken over, and what is left of a try that fails. */
@Timeout(180)
class SurvivorsTest {
    private static final Key POD = new Key("default", "pair");
    private static final ContainerRuntime.History WAITED = new ContainerRuntime.History(
            Optional.empty(), Optional.of(new BackOff(Duration.ofSeconds(20), Instant.EPOCH)), List.of());

    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir
    private Path state;

    private final ExecutorService executor = Executors.newCachedThreadPool();
    private final List<Child> children = new ArrayList<>();
    private final List<LineLog> logs = new ArrayList<>();

    @AfterEach
    void end() {
        children.forEach(Child::close);
        executor.shutdown();
    }

    private static PodSpec spec() {
        return PodSpec.empty()
                .container("one", c -> c.command("sh", "-c", "echo said; exec sleep 600"))
                .container("two", c -> c.command("sleep", "600"));
    }

    private Survivors survivors() {
        return Survivors.in(new AdoptPolicy(state, Duration.ofMinutes(1)), Clock.system(), record -> {});
    }

    /** As a plane does that ends without ending what it has started. */
    private void startBoth() {
        try (Survivors before = survivors()) {
            for (Container container : spec().containers()) {
                ContainerRuntime.Order order = new ContainerRuntime.Order(
                        new ContainerRuntime.Identity("pair", "uid", container.name(), 0),
                        container,
                        spec(),
                        PodContents.none());
                Command command = Command.of(container.command())
                        .input(Stdio.nothing())
                        .errorIntoOutput()
                        .with(Isolation.full().without(NamespaceType.NET));
                Survivors.Started started =
                        before.start(order, Map.of(), new LastWordsFile(Optional.empty(), Optional.empty()), command);
                children.add(started.child());
                started.output().close();
            }
        }
    }

    /** Descriptors of this JVM that lead to files of the directory. */
    private List<Path> open() throws IOException {
        try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
            return all.flatMap(SurvivorsTest::target)
                    .filter(target -> target.startsWith(state) && !target.endsWith("lock"))
                    .toList();
        }
    }

    private static Stream<Path> target(Path descriptor) {
        try {
            return Stream.of(Files.readSymbolicLink(descriptor));
        } catch (IOException closed) {
            return Stream.empty();
        }
    }

    private Survivors.Maker maker(Survivors survivors) {
        return (process, record, container, group) -> new AdoptedRun(
                process,
                record,
                new AdoptedRun.Parts(
                        survivors.output(record),
                        this::log,
                        group,
                        new LiveLimits(
                                new Amounts(Requirement.ENFORCE, OptionalLong.empty(), 0, false), group, container),
                        Rights.of(spec(), container, Requirement.ENFORCE),
                        () -> survivors.ended(record),
                        end -> {}),
                executor);
    }

    private LineLog log() {
        LineLog log = new LineLog(Clock.system(), 1 << 20, Optional.empty());
        logs.add(log);
        return log;
    }

    @Test
    void whatIsForgottenIsNotFoundAgain() throws Exception {
        startBoth();
        Survivors after = survivors();
        List<ContainerRuntime.Former> found =
                after.takeOver(POD, "uid", spec(), maker(after)).get();
        found.stream()
                .filter(former -> former.container().equals("one"))
                .forEach(former -> former.run().ifPresent(ContainerRuntime.Run::close));
        after.forget(POD, "one");
        after.ended(POD, "one", HowEnded.recorded(Optional.empty(), Optional.empty())); // too late to be noted
        after.close();
        try (Survivors later = survivors()) {
            assertThat(later.unwanted()).extracting(RunRecord::container).containsExactly("two");
        }
    }

    /** A record of a container that a signal ends, before it became its program or afterwards, while no plane is there. */
    private void ended(String container, Signal signal, boolean started, ContainerRuntime.History history)
            throws Exception {
        try (StateDirectory directory = StateDirectory.open(state);
                Child child = Command.of("sleep", "600")
                        .input(Stdio.nothing())
                        .output(Stdio.nothing())
                        .error(Stdio.nothing())
                        .with(Isolation.full().without(NamespaceType.NET))
                        .outliveJvm(directory.exit(POD, container, 2))
                        .create()) {
            directory.write(new RunRecord(
                    POD,
                    container,
                    spec().digest(),
                    2,
                    child.id(),
                    Instant.now(),
                    Duration.ofSeconds(1),
                    Map.of(),
                    List.of(),
                    List.of(),
                    new LastWordsFile(Optional.empty(), Optional.empty()),
                    history,
                    Optional.empty()));
            if (started) {
                child.start();
            }
            long program = child.payloadPid();
            new ProcessBuilder("sh", "-c", "kill -" + signal.number() + " " + program)
                    .start()
                    .waitFor();
            child.await();
        }
    }

    @Test
    void whatNeverBecameItsProgramHasNeitherRunNorFailed() throws Exception {
        ended("one", Signal.KILL, false, WAITED);
        try (Survivors after = survivors()) {
            List<ContainerRuntime.Former> found =
                    after.takeOver(POD, "uid", spec(), maker(after)).get();
            assertThat(found).hasSize(1);
            ContainerRuntime.Former former = found.get(0);
            assertThat(former.began()).isFalse();
            assertThat(former.attempt()).isEqualTo(2);
            assertThat(former.history()).isEqualTo(WAITED);
            Exit exit = Exit.recorded(state.resolve("pods/default/pair/one/exit-2"), Instant.now())
                    .orElseThrow();
            assertThat(HowEnded.recorded(Optional.of(exit), Optional.empty()))
                    .as("one that was found before it ended")
                    .returns("StartError", ContainerRuntime.Ended::reason)
                    .returns(126, ContainerRuntime.Ended::exitCode);
            assertThat(state.resolve("pods/default/pair/one/run"))
                    .as("or a JVM that dies in the next try would leave it as a run whose end nobody knows")
                    .doesNotExist();
        }
    }

    /** Whoever it was, it was not Corral. */
    @Test
    void anEndBySigtermThatNobodyHereHasAskedForCountsAsAnyOther() throws Exception {
        ended("one", Signal.TERM, true, WAITED);
        try (Survivors after = survivors()) {
            List<ContainerRuntime.Former> found =
                    after.takeOver(POD, "uid", spec(), maker(after)).get();
            assertThat(found)
                    .singleElement()
                    .satisfies(former -> assertThat(former.end())
                            .hasValueSatisfying(end -> assertThat(end.signal()).contains(Signal.TERM)))
                    .extracting(ContainerRuntime.Former::history)
                    .isEqualTo(WAITED);
        }
    }

    @Test
    void ofAPodThatWasBeingEndedNothingIsTakenOverAndNoEndCounts() throws Exception {
        startBoth();
        try (StateDirectory directory = StateDirectory.open(state)) {
            directory.leaving(POD);
            directory.leaving(POD);
        }
        children.get(0).signal(Signal.TERM);
        children.get(0).await();
        try (Survivors after = survivors()) {
            assertThat(after.takeOver(POD, "uid", spec(), maker(after)).get()).isEmpty();
            assertThat(children.get(1).await().terminatedBy()).contains(Signal.TERM);
            assertThat(state.resolve("pods/default/pair")).doesNotExist();
            after.leaving(POD);
            assertThat(state.resolve("pods/default/pair"))
                    .as("what nobody knows of is not noted")
                    .doesNotExist();
        }
    }

    @Test
    void whetherAHookWasDoneIsOnRecord() throws Exception {
        startBoth();
        try (Survivors after = survivors()) {
            after.postStarted(POD, "one", 0);
            after.postStarted(POD, "two", 7);
            Map<String, Boolean> done = after.takeOver(POD, "uid", spec(), maker(after)).get().stream()
                    .peek(former -> former.run().ifPresent(ContainerRuntime.Run::close))
                    .collect(Collectors.toMap(ContainerRuntime.Former::container, ContainerRuntime.Former::postStart));
            assertThat(done).containsOnly(Map.entry("one", true), Map.entry("two", false));
        }
    }

    @Test
    void aTryThatFailsHalfwayLetsGoOfAllAndLosesNothing() throws Exception {
        assumeTrue(Files.isDirectory(Path.of("/proc/self/fd")), "descriptors can't be listed here");
        startBoth();
        Awaitility.await().atMost(LONG).until(() -> Files.size(state.resolve("pods/default/pair/one/output-0")) > 0);
        try (Survivors after = survivors()) {
            Survivors.Maker real = maker(after);
            assertThatThrownBy(() -> after.takeOver(POD, "uid", spec(), (process, record, container, group) -> {
                        if (container.name().equals("two")) {
                            throw new IllegalStateException("no descriptor is left");
                        }
                        return real.of(process, record, container, group);
                    }))
                    .hasMessage("no descriptor is left");
            assertThat(open()).as("what the first of them reads").isEmpty();
            assertThat(logs).as("nothing was read").isEmpty();
            assertThat(children).allMatch(Child::isAlive);

            List<ContainerRuntime.Former> found =
                    after.takeOver(POD, "uid", spec(), real).get();
            assertThat(found).extracting(ContainerRuntime.Former::container).containsExactlyInAnyOrder("one", "two");
            ContainerRuntime.Run one = found.stream()
                    .filter(former -> former.container().equals("one"))
                    .flatMap(former -> former.run().stream())
                    .findFirst()
                    .orElseThrow();
            Awaitility.await()
                    .atMost(LONG)
                    .untilAsserted(() -> assertThat(one.output()).isEqualTo("said\n"));
            assertThat(logs.stream().flatMap(log -> log.lines().stream()).map(LogLine::text))
                    .containsExactly("said");
            found.forEach(former -> former.run().ifPresent(ContainerRuntime.Run::close));
            assertThat(open()).isEmpty();
        }
        for (Child child : children) {
            assertThat(child.await().terminatedBy()).contains(Signal.KILL);
        }
    }
}
