package dev.corral.reconcile.node;

import dev.corral.ByteSize;
import dev.corral.Child;
import dev.corral.Command;
import dev.corral.Confinement;
import dev.corral.Environment;
import dev.corral.Requirement;
import dev.corral.Stdio;
import dev.corral.cgroups.Cgroup;
import dev.corral.cgroups.Limits;
import dev.corral.internal.linux.FileNames;
import dev.corral.internal.linux.LibC;
import dev.corral.namespaces.IdMap;
import dev.corral.namespaces.RootFilesystem;
import dev.corral.reconcile.Clock;
import dev.corral.reconcile.Key;
import dev.corral.reconcile.workload.Container;
import dev.corral.reconcile.workload.ContainerLog;
import dev.corral.reconcile.workload.ContainerPort;
import dev.corral.reconcile.workload.ContainerRuntime;
import dev.corral.reconcile.workload.PodSpec;
import dev.corral.reconcile.workload.ProcessPlan;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs containers as child processes of this JVM, confined as their pods say; by default each in namespaces of its own but for
 * the network, which is the host's. A container sees the variables {@code PATH}, {@code HOME} and {@code LANG} of the JVM,
 * {@code HOSTNAME}, its ports and its own. What its pods share, and their directories, goes when it is closed or with the JVM.
 */
public final class ProcessRuntime implements ContainerRuntime, AutoCloseable {
    private static final ByteSize LINES = ByteSize.kibibytes(256);
    private static final Path HOST = Path.of("/");
    private static final Path OWN_SCORE = Path.of("/proc/self/oom_score_adj");
    /** Source: capabilities(7). */
    private static final int CAP_SYS_RESOURCE = 24;

    private final LoopbackPorts ports = new LoopbackPorts();
    private final Optional<Survivors> survivors;
    private final Optional<Duration> patience;
    private final boolean keepsClaims;
    private volatile Clock.@Nullable Timer timer;
    private final Map<String, PodHome> homes = new ConcurrentHashMap<>();
    private final Executor executor;
    private final Clock clock;
    private final Requirement requirement;
    private final Amounts amounts;
    private final Storage storage;
    private final Logs logs;

    /**
     * A runtime that starts nothing yet, and keeps nothing.
     *
     * @param executor runs one task for each container, which takes what it writes
     * @param limits what to do about a limit that this host can't enforce
     */
    public ProcessRuntime(Executor executor, Requirement limits) {
        this(executor, limits, Clock.system(), LogPolicy.memory(LINES), Optional.empty());
    }

    /**
     * A runtime that starts nothing yet.
     *
     * @param executor runs one task for each container, which takes what it writes
     * @param limits what to do about a limit that this host can't enforce
     * @param clock gives the times of what is written
     * @param logs where what is written is kept
     * @param claims where the directories of claims are, and stay; empty for temporary ones
     */
    public ProcessRuntime(Executor executor, Requirement limits, Clock clock, LogPolicy logs, Optional<Path> claims) {
        this(executor, limits, clock, logs, claims, Optional.empty());
    }

    /**
     * The same, whose containers may outlive the JVM.
     *
     * @param adopt where is written down what runs; empty if all is to end with the JVM
     * @throws StateInUse if the directory belongs to somebody else who runs now
     * @throws StateUnusable if it can't be used, or something in it can't be read
     */
    public ProcessRuntime(
            Executor executor,
            Requirement limits,
            Clock clock,
            LogPolicy logs,
            Optional<Path> claims,
            Optional<AdoptPolicy> adopt) {
        this.keepsClaims = claims.isPresent();
        this.patience = adopt.map(AdoptPolicy::patience);
        this.survivors = adopt.map(policy ->
                Survivors.in(policy, clock, record -> record.ports().values().forEach(ports::giveBack)));
        survivors.ifPresent(all ->
                all.unwanted().forEach(record -> ports.keep(record.ports().values())));
        this.logs = new Logs(logs, clock);
        this.executor = executor;
        this.clock = clock;
        this.requirement = limits;
        this.amounts = new Amounts(limits, memory(), score(), LibC.isCapable(CAP_SYS_RESOURCE));
        this.storage = new Storage(
                Path.of(System.getProperty("java.io.tmpdir")),
                Path.of("/dev/shm"),
                claims,
                survivors.map(Survivors::volumes));
    }

    private static OptionalLong memory() {
        return Optional.ofNullable(LocalNode.capacity(Path.of("/proc")).get("memory"))
                .map(memory -> OptionalLong.of(memory.bytes().bytes()))
                .orElseGet(OptionalLong::empty);
    }

    private static int score() {
        try {
            return Integer.parseInt(Files.readString(OWN_SCORE).strip());
        } catch (IOException failed) {
            throw new UncheckedIOException(OWN_SCORE + " can't be read", failed);
        }
    }

    @Override
    public Run start(Order order) {
        Container container = order.container();
        if (!order.contents().missing().isEmpty()) {
            throw new ContentsMissing(order.contents().missing());
        }
        Map<String, Integer> numbers = new LinkedHashMap<>();
        try (Mounts mounts = Mounts.of(order, storage)) {
            for (ContainerPort port : container.ports()) {
                numbers.put(port.name(), port.containerPort().orElseGet(ports::take));
            }
            LastWordsFile lastWords = LastWordsFile.of(container, mounts.all());
            if (survivors.isPresent()) {
                Adoptable.require(order.pod(), container, keepsClaims);
                Survivors.Started started =
                        survivors.get().start(order, numbers, lastWords, command(order, numbers, mounts));
                return run(order, numbers, lastWords, started.child(), started.output());
            }
            Child child = command(order, numbers, mounts).start();
            return run(order, numbers, lastWords, child, child.getInputStream());
        } catch (RuntimeException | Error failed) {
            giveBack(container, numbers);
            throw failed;
        }
    }

    private Run run(
            Order order, Map<String, Integer> numbers, LastWordsFile lastWords, Child child, InputStream output) {
        Container container = order.container();
        LineLog lines = logs.begun(order.identity());
        return owning(child, () -> {
            LiveLimits limits = new LiveLimits(amounts, child.find(Cgroup.class), container);
            limits.protect();
            Runnable release = () -> {
                giveBack(container, numbers);
                ended(order.identity(), () -> HowEnded.of(child));
            };
            ProcessRun run = new ProcessRun(child, output, numbers, release, lines, limits, lastWords, executor);
            watched(order.pod(), order.identity(), run);
            return run;
        });
    }

    private void ended(Identity run, Supplier<Ended> how) {
        survivors.ifPresent(all -> all.ended(new Key(run.namespace(), run.pod()), run.container(), how.get()));
    }

    @Override
    public CompletableFuture<List<Former>> takeOver(Key pod, String uid, PodSpec spec) {
        return survivors
                .map(all -> all.takeOver(pod, uid, spec, (process, record, container, group) -> {
                    Identity identity = new Identity(
                            pod.namespace(),
                            pod.name(),
                            uid,
                            container.name(),
                            record.attempt(),
                            spec.hostname().orElse(pod.name()));
                    home(uid).found(Places.of(spec, container).joined(), process.payloadPid());
                    LiveLimits live = new LiveLimits(amounts, group, container);
                    Rights rights = Rights.of(spec, container, requirement);
                    AdoptedRun.Parts parts = new AdoptedRun.Parts(
                            all.output(record), // last of what may fail: nobody else would close it
                            () -> logs.begun(identity),
                            group,
                            live,
                            rights,
                            () -> all.ended(record),
                            end -> {
                                giveBack(container, record.ports());
                                record.removeGroup();
                                ended(identity, () -> end);
                            });
                    AdoptedRun run = new AdoptedRun(process, record, parts, executor);
                    try {
                        watched(spec, identity, run);
                        return run;
                    } catch (RuntimeException | Error failed) {
                        run.letGo();
                        throw failed;
                    }
                }))
                .orElseGet(() -> CompletableFuture.completedFuture(List.of()));
    }

    /**
     * Ends what runs from before and is not taken over within the patience; nothing happens where nothing outlives the JVM.
     *
     * @param told hears which pod that is, and a sentence for people
     */
    public void endUnwanted(BiConsumer<Key, String> told) {
        survivors.ifPresent(all -> timer = all.endUnwanted(patience.orElseThrow(), executor, told));
    }

    /** Begins to end now what runs from before and is not taken over; {@link #close} waits for it. */
    public void endUnwantedNow(BiConsumer<Key, String> told) {
        survivors.ifPresent(all -> all.endUnwanted(told));
    }

    private void watched(PodSpec pod, Identity identity, PodHome.Evictable run) {
        Map<Path, Long> most = SizeWatch.limits(pod, identity, storage);
        if (!most.isEmpty()) {
            PodHome home = home(identity.uid());
            home.add(run);
            home.watch(() -> new SizeWatch(most, clock, executor, home::evict));
        }
    }

    private PodHome home(String pod) {
        return homes.computeIfAbsent(pod, uid -> new PodHome());
    }

    private static Run owning(Child child, Supplier<Run> run) {
        try {
            return run.get();
        } catch (RuntimeException | Error failed) {
            child.close();
            throw failed;
        }
    }

    private Command command(Order order, Map<String, Integer> numbers, Mounts mounts) {
        Identity identity = order.identity();
        PodSpec pod = order.pod();
        Container container = order.container();
        Places places = Places.of(pod, container);
        Optional<IdMap> ids = PodHome.ids(pod.allContainers().stream()
                .anyMatch(each -> Rights.of(pod, each, requirement).beyondZero()));
        Command command = plain(order, numbers);
        if (!places.joined().isEmpty()) {
            Optional<Confinement> join = home(identity.uid()).join(pod, identity.hostname(), places.joined(), ids);
            command = with(command, join);
        }
        Optional<RootFilesystem> tree = Tree.of(pod, container, mounts.all(), HOST);
        command = command.with(places.isolation(identity.hostname(), ids, tree));
        command = with(command, places.proc(tree));
        command = Rights.of(pod, container, requirement).on(command);
        command = with(command, amounts.score(pod, container));
        Optional<Limits> limits =
                amounts.limits(pod, container).map(all -> all.named(identity.pod() + "-" + identity.container()));
        return with(command, limits);
    }

    private static Command with(Command command, Optional<? extends Confinement> more) {
        return more.isPresent() ? command.with(more.get()) : command;
    }

    /** Not confined yet. */
    private static Command plain(Order order, Map<String, Integer> numbers) {
        ProcessPlan plan = ProcessPlan.of(order, numbers);
        Command command = Command.of(plan.command())
                .environment(Environment.empty().inheriting("PATH", "HOME", "LANG"))
                .env("HOSTNAME", order.identity().hostname())
                .input(Stdio.nothing())
                .errorIntoOutput();
        for (Map.Entry<String, String> variable : plan.env().entrySet()) {
            command = command.env(variable.getKey(), variable.getValue());
        }
        return plan.workingDir().isPresent()
                ? command.directory(FileNames.path(plan.workingDir().get()))
                : command;
    }

    private void giveBack(Container container, Map<String, Integer> numbers) {
        container.ports().stream()
                .filter(port -> port.containerPort().isEmpty())
                .map(port -> numbers.get(port.name()))
                .filter(number -> number != null)
                .forEach(ports::giveBack);
    }

    @Override
    public void postStarted(Identity run) {
        survivors.ifPresent(
                all -> all.postStarted(new Key(run.namespace(), run.pod()), run.container(), run.attempt()));
    }

    @Override
    public void leaving(Key pod) {
        survivors.ifPresent(all -> all.leaving(pod));
    }

    @Override
    public void respecified(Key pod, PodSpec spec) {
        survivors.ifPresent(all -> all.respecified(pod, spec));
    }

    @Override
    public void forget(Key pod, String container) {
        survivors.ifPresent(all -> all.forget(pod, container));
    }

    @Override
    public boolean sharesNothing(String uid) {
        return !homes.containsKey(uid) && !storage.holds(uid) && !logs.hasFiles(uid) && survivors.isEmpty();
    }

    @Override
    public void podGone(String uid) {
        PodHome home = homes.remove(uid);
        if (home != null) {
            home.close();
        }
        storage.remove(uid);
        logs.remove(uid);
        survivors.ifPresent(all -> all.gone(uid));
    }

    @Override
    public Optional<ContainerLog> log(String uid, String container, boolean previous) {
        return logs.of(uid, container, previous);
    }

    @Override
    public void claimGone(String name) {
        storage.removeClaim(name);
    }

    /** Removes what is left of pods: what they shared, and their directories. Containers have to be closed before. */
    @Override
    public void close() {
        Optional.ofNullable(timer).ifPresent(Clock.Timer::cancel);
        homes.values().forEach(PodHome::close);
        homes.clear();
        storage.close();
        survivors.ifPresent(Survivors::close);
    }
}
