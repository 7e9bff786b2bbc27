package dev.corral;

import dev.corral.internal.launch.LaunchBroken;
import dev.corral.internal.launch.LaunchPlan;
import dev.corral.internal.launch.LaunchRequest;
import dev.corral.internal.launch.Launched;
import dev.corral.internal.launch.Launcher;
import dev.corral.internal.launch.Running;
import dev.corral.internal.launch.StepFailed;
import dev.corral.internal.linux.ErrnoException;
import dev.corral.internal.linux.Fd;
import dev.corral.internal.linux.LibC;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;

/** One start of one command: from its confinements to a child, or back to nothing. */
final class Start {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final String DEFAULT_PATH = "/usr/local/bin:/usr/bin:/bin";

    private final Command command;
    private final Launcher launcher;
    private final Launch launch;
    private final long begin = System.nanoTime();

    private Start(Command command, Launcher launcher) {
        this.command = command;
        this.launcher = launcher;
        this.launch = new Launch(command);
    }

    static Child of(Command command, Launcher launcher) {
        return new Start(command, launcher).run();
    }

    private Child run() {
        try {
            command.confinements().forEach(confinement -> confinement.prepare(launch));
            List<String> problems = launch.problems();
            if (!problems.isEmpty()) {
                throw new ImpossibleLaunch(command, problems);
            }
            return launch();
        } catch (RuntimeException | Error failed) {
            Owned.close(launch.owned()).forEach(failed::addSuppressed);
            throw failed;
        }
    }

    private Child launch() {
        // Closed when this method is left: whatever of it lives on belongs to somebody else by then.
        try (StdioPipes stdio = StdioPipes.open(command.streams());
                Groups groups = Groups.open(launch)) {
            StdioPipes.Streams streams = stdio.streams(launcher.poller());
            LaunchRequest request = new LaunchRequest(plan(), stdio.payloadEnds(), groups.v1(), groups.v2());
            Running running = new Running(launched(launcher.launch(request, TIMEOUT)));
            Child child = new Child(command, launch, running, streams, begin);
            running.watch(launcher);
            stdio.handOver();
            return child;
        } catch (ErrnoException refused) {
            throw LaunchErrors.beforeSpawn(command, refused);
        }
    }

    private Launched launched(Launcher.Pending pending) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    Launched launched = pending.result().get();
                    if (interrupted) {
                        // Too late to stop it, but the caller has gone on: nobody would ever close it.
                        launched.end();
                        throw new LaunchCancelled("interrupted while starting " + command, null);
                    }
                    return launched;
                } catch (InterruptedException cancel) {
                    interrupted = true;
                    pending.cancel();
                } catch (ExecutionException failed) {
                    throw translated(failed);
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private RuntimeException translated(ExecutionException wrapped) {
        Throwable failed = wrapped.getCause();
        if (failed instanceof StepFailed step) {
            return LaunchErrors.of(launch, step);
        }
        if (failed instanceof LaunchBroken broken) {
            return LaunchErrors.of(launch, broken);
        }
        if (failed instanceof ErrnoException refused) {
            return LaunchErrors.beforeSpawn(command, refused);
        }
        if (failed instanceof Error error) {
            throw error;
        }
        return new ProtocolError("can't start " + command + ": " + failed, wrapped, null);
    }

    private LaunchPlan plan() {
        List<String> variables = new ArrayList<>();
        command.environment().variables().forEach((name, value) -> variables.add(name + "=" + value));
        return new LaunchPlan(
                command.arguments(),
                variables,
                candidates(command),
                List.copyOf(launch.namespaces()),
                Launch.idMapText(launch.users()),
                Launch.idMapText(launch.groups()),
                !launch.groups().isEmpty() && LibC.effectiveUser() != 0,
                launch.wantsLoopback(),
                launch.wantsNewProc(),
                launch.hostname(),
                command.directory().map(path -> path.toAbsolutePath().toString()));
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

    /** The groups' files, opened by the JVM: its rights decide, not those of the mapped ids. */
    private record Groups(List<Fd> files, Optional<Fd> directory) implements AutoCloseable {
        static Groups open(Launch launch) {
            List<Fd> files = new ArrayList<>();
            try {
                for (Path group : launch.groupsV1()) {
                    files.add(new Fd(LibC.open(group.resolve("cgroup.procs"), LibC.O_WRONLY)));
                }
                return new Groups(files, launch.groupV2().map(path -> new Fd(LibC.open(path, LibC.O_RDONLY))));
            } catch (ErrnoException refused) {
                files.forEach(Fd::close);
                throw LaunchErrors.group(launch, refused);
            }
        }

        List<Integer> v1() {
            return files.stream().map(Fd::number).toList();
        }

        Optional<Integer> v2() {
            return directory.map(Fd::number);
        }

        @Override
        public void close() {
            files.forEach(Fd::close);
            directory.ifPresent(Fd::close);
        }
    }
}
