package dev.corral;

import dev.corral.internal.launch.LaunchPlan;
import dev.corral.internal.launch.LaunchPlan.Flag;
import dev.corral.internal.launch.LaunchPlan.Scalar;
import dev.corral.internal.launch.LaunchPlan.Text;
import dev.corral.internal.launch.SealedMemory;
import dev.corral.internal.launch.Step;
import dev.corral.internal.linux.ErrnoException;
import dev.corral.internal.linux.Fd;
import dev.corral.internal.linux.FileNames;
import dev.corral.internal.linux.LibC;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/** Turns a launch into the launcher's plan, and opens by the JVM's rights what the plan speaks of. Closed after the launch. */
final class PlanMaker implements AutoCloseable {
    private static final String DEFAULT_PATH = "/usr/local/bin:/usr/bin:/bin";

    private static final int RECORD = LibC.O_WRONLY | LibC.O_CREAT | LibC.O_TRUNC;
    private static final int OWN_FILE = 0600;

    private final Launch launch;
    private final LaunchPlan plan;
    private final List<Fd> opened = new ArrayList<>();
    private boolean joining;

    PlanMaker(Launch launch) {
        this.launch = launch;
        List<String> variables = new ArrayList<>();
        Command command = launch.command();
        command.environment().variables().forEach((name, value) -> variables.add(name + "=" + value));
        this.plan = new LaunchPlan(command.arguments(), variables, candidates(command));
    }

    /** Lets the launcher join the version 2 group before it clones, instead of having the child born there. */
    PlanMaker joining() {
        joining = true;
        return this;
    }

    /** The file that takes the record of its end; empty if none was asked for. */
    OptionalInt exitRecord() {
        return launch.command().manner().lifetime().exitRecord().stream()
                .mapToInt(file -> keep(new Fd(LibC.open(file, RECORD, OWN_FILE))))
                .findFirst();
    }

    /** Once. Whether it fails or not, closing gives back what was opened. */
    LaunchPlan plan(boolean rest) {
        fill();
        return plan.flag(Flag.WAIT_START, rest);
    }

    @Override
    public void close() {
        opened.forEach(Fd::close);
    }

    /** The paths that execvp would try, in its order. */
    static List<String> candidates(Command command) {
        String program = command.arguments().get(0);
        if (program.indexOf('/') >= 0) {
            return List.of(program);
        }
        List<String> candidates = new ArrayList<>();
        for (String directory :
                command.environment().get("PATH").orElse(DEFAULT_PATH).split(":", -1)) {
            candidates.add((directory.isEmpty() ? "." : directory) + "/" + program);
        }
        return candidates;
    }

    private void fill() {
        Command command = launch.command();
        plan.namespaces(launch.namespaces);
        command.directory().ifPresent(path -> plan.text(Text.DIRECTORY, FileNames.text(path.toAbsolutePath())));
        command.manner().umask().ifPresent(mask -> plan.flag(Flag.UMASK).scalar(Scalar.UMASK, mask));
        command.streams()
                .terminal()
                .ifPresent(size -> plan.flag(Flag.TERMINAL)
                        .scalar(Scalar.COLUMNS, size.columns())
                        .scalar(Scalar.ROWS, size.rows()));
        namespaces();
        root();
        groups();
        identity();
        launch.scheduling.ifPresent(this::schedule);
        launch.rlimits.forEach((which, value) -> plan.rlimit(which.number(), value.soft(), value.hard()));
        launch.landlock.ifPresent(this::landlock);
        plan.filter(launch.filter).flag(Flag.NOTIFY, launch.listening.isPresent());
        plan.flag(Flag.NEW_PRIVILEGES, launch.newPrivileges)
                .flag(Flag.OUTLIVE, command.manner().lifetime().outlivesJvm())
                .flag(Flag.KEYRING, launch.newKeyring)
                .flag(Flag.WAIT_ALL, launch.waitForAll);
        command.descriptors().forEach((number, file) -> plan.pass(keep(StdioPipes.openPassed(file)), number));
    }

    private void namespaces() {
        launch.idMaps.userText().ifPresent(text -> plan.text(Text.USER_MAP, text));
        launch.idMaps.groupText().ifPresent(text -> plan.text(Text.GROUP_MAP, text));
        plan.flag(Flag.SETGROUPS_DENY, launch.idMaps.deniesSetgroups() && launch.makes("user"));
        plan.flag(Flag.KEEP_GROUPS, launch.idMaps.deniesSetgroups());
        plan.flag(Flag.MAP_BY_JVM, launch.idMaps.writer().isPresent());
        plan.flag(Flag.LOOPBACK, launch.loopback).flag(Flag.WAIT_NETWORK, launch.network.isPresent());
        launch.hostname.ifPresent(name -> plan.text(Text.HOST_NAME, name));
        launch.domainName.ifPresent(name -> plan.text(Text.DOMAIN_NAME, name));
        launch.time.ifPresent(offsets -> {
            clock(Scalar.TIME_BOOT, Scalar.TIME_BOOT_NANOS, offsets.boot());
            clock(Scalar.TIME_MONOTONIC, Scalar.TIME_MONOTONIC_NANOS, offsets.monotonic());
            plan.flag(Flag.TIME);
        });
        launch.joins.all().forEach(join -> plan.join(join.descriptor().number(), join.kinds()));
    }

    private void clock(Scalar seconds, Scalar nanos, Duration offset) {
        plan.scalar(seconds, offset.getSeconds()).scalar(nanos, offset.getNano());
    }

    private void root() {
        RootPlan root = launch.root;
        root.directory().ifPresent(path -> plan.root(keep(source(path, Step.ROOT_ATTACH)), FileNames.text(path)));
        plan.flag(Flag.NEW_ROOT, root.isFresh()).flag(Flag.ROOT_READ_ONLY, root.isReadOnly());
        for (RootPlan.Entry entry : root.entries()) {
            OptionalInt descriptor = entry.source()
                    .map(source -> OptionalInt.of(plan.descriptor(keep(source(source, Step.MOUNT)))))
                    .or(() -> entry.content()
                            .map(content ->
                                    OptionalInt.of(plan.descriptor(keep(SealedMemory.of("corral-file", content))))))
                    .orElse(OptionalInt.empty());
            plan.mount(new LaunchPlan.Mount(
                    entry.kind(),
                    entry.flags(),
                    FileNames.text(entry.target()),
                    entry.text(),
                    entry.data(),
                    descriptor,
                    entry.mode()));
        }
    }

    /** Held from here to the mount: what is bound is what was there when the launch began. */
    private Fd source(Path source, Step step) {
        try {
            return new Fd(LibC.open(source, LibC.O_PATH));
        } catch (ErrnoException refused) {
            throw LaunchErrors.source(launch.command(), source, step, refused);
        }
    }

    private void join(Path group) {
        plan.groupFile(keep(new Fd(LibC.open(group.resolve("cgroup.procs"), LibC.O_WRONLY))));
    }

    private void beBornIn(Path group) {
        plan.group(keep(new Fd(LibC.open(group, LibC.O_RDONLY))));
    }

    private void groups() {
        try {
            for (Path group : launch.groupsV1) {
                join(group);
            }
            launch.groupV2.ifPresent(joining ? this::join : this::beBornIn);
        } catch (ErrnoException refused) {
            throw LaunchErrors.group(launch, refused);
        }
    }

    private void identity() {
        launch.identity.ifPresent(who -> plan.ids(who.user(), who.group(), who.groups()));
        launch.capabilities.ifPresent(plan::capabilities);
    }

    private void schedule(Scheduling how) {
        how.nice().ifPresent(nice -> plan.flag(Flag.NICE).scalar(Scalar.NICE, nice));
        how.policy()
                .ifPresent(policy -> plan.flag(Flag.POLICY)
                        .scalar(Scalar.POLICY, policy.number)
                        .scalar(Scalar.PRIORITY, policy.priority));
        how.ioPriority()
                .ifPresent(priority -> plan.flag(Flag.IO_PRIORITY).scalar(Scalar.IO_PRIORITY, priority.number()));
        how.oomScoreAdj().ifPresent(score -> plan.flag(Flag.OOM_SCORE).scalar(Scalar.OOM_SCORE, score));
        plan.cpus(how.cpus());
    }

    private void landlock(Launch.Landlock rules) {
        plan.scalar(Scalar.LANDLOCK_FILES, rules.files())
                .scalar(Scalar.LANDLOCK_NETWORK, rules.network())
                .scalar(Scalar.LANDLOCK_SCOPES, rules.scopes());
        rules.paths().forEach(rule -> plan.pathRule(rule.access(), FileNames.text(rule.path())));
        rules.ports().forEach(rule -> plan.portRule(rule.access(), rule.port()));
    }

    private int keep(Fd fd) {
        opened.add(fd);
        return fd.number();
    }
}
