package dev.corral;

import dev.corral.internal.launch.Handshake;
import dev.corral.internal.launch.LaunchBroken;
import dev.corral.internal.launch.LaunchRequest;
import dev.corral.internal.launch.Launched;
import dev.corral.internal.launch.Launcher;
import dev.corral.internal.launch.Running;
import dev.corral.internal.launch.StepFailed;
import dev.corral.internal.linux.Errno;
import dev.corral.internal.linux.ErrnoException;
import dev.corral.internal.linux.LibC;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** One start of one command: from its confinements to a child, or back to nothing. */
final class Start {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final int CAP_CHOWN = 0;

    private final Command command;
    private final Launcher launcher;
    private final Launch launch;
    private final boolean rest;
    private final Consumer<Launch> surroundings;
    private final long begin = System.nanoTime();

    private Start(Command command, Launcher launcher, boolean rest, Consumer<Launch> surroundings) {
        this.command = command;
        this.launcher = launcher;
        this.rest = rest;
        this.surroundings = surroundings;
        this.launch = new Launch(command);
    }

    static Child of(Command command, Launcher launcher) {
        return new Start(command, launcher, false, launch -> {}).run();
    }

    /** Up to where the program would begin. */
    static Child created(Command command, Launcher launcher) {
        return new Start(command, launcher, true, launch -> {}).run();
    }

    /** In the place where another child runs. */
    static Child inside(Command command, Launcher launcher, Consumer<Launch> entry) {
        return new Start(command, launcher, false, entry).run();
    }

    private Child run() {
        Handshake begun = begun();
        try {
            command.confinements().forEach(confinement -> confinement.prepare(launch));
            surroundings.accept(launch);
            launch.complete();
            List<String> problems = Combination.problems(launch);
            if (!problems.isEmpty()) {
                throw new ImpossibleLaunch(command, problems);
            }
            return launch(begun);
        } catch (RuntimeException | Error failed) {
            begun.giveUp();
            Owned.close(launch.owned()).forEach(failed::addSuppressed);
            throw failed;
        } finally {
            launch.joins.close();
        }
    }

    /** First of all: the launcher's process takes as long to start as all that comes before it gets its plan. */
    private Handshake begun() {
        try {
            return launcher.begin();
        } catch (ErrnoException refused) {
            throw LaunchErrors.beforeSpawn(command, refused);
        }
    }

    private Child launch(Handshake begun) {
        // Closed when this method is left: whatever of it lives on belongs to somebody else by then.
        try (StdioPipes stdio = StdioPipes.open(command)) {
            giveStreams(stdio);
            Launched launched = outcome(launch, () -> launched(begun, stdio));
            unlessInterrupted(launched::end);
            return adopted(launched, stdio);
        } catch (ErrnoException refused) {
            throw LaunchErrors.beforeSpawn(command, refused);
        }
    }

    /**
     * The kernel may kill a child at its birth in a version 2 group: Linux 6.14 and later, and older ones that have the same
     * mend, compare how often the group was killed with how often that of the parent was, and take a difference for a kill
     * that comes just now. A parent that is in the group itself makes none.
     */
    private Launched launched(Handshake begun, StdioPipes stdio) {
        int before = launch.owned().size();
        try (PlanMaker maker = new PlanMaker(launch)) {
            return launched(begun, maker, stdio);
        } catch (LaunchBroken broken) {
            if (launch.groupV2.isEmpty() || !broken.isBy(Signal.KILL.number())) {
                throw broken;
            }
            Owned.close(launch.owned(), before).forEach(broken::addSuppressed);
        }
        try (PlanMaker maker = new PlanMaker(launch).joining()) {
            return launched(begun(), maker, stdio);
        }
    }

    private Launched launched(Handshake begun, PlanMaker maker, StdioPipes stdio) {
        try {
            LaunchRequest request =
                    new LaunchRequest(maker.plan(rest), stdio.payloadEnds(), maker.exitRecord(), waits());
            return launcher.launch(begun, request, TIMEOUT);
        } catch (RuntimeException | Error failed) {
            begun.giveUp();
            throw failed;
        }
    }

    /**
     * Where the JVM may not, or its user namespace is without these ids, it costs the payload no more than that /dev/stdout
     * can't be opened by its name.
     */
    private void giveStreams(StdioPipes stdio) {
        try {
            if (LibC.isCapable(CAP_CHOWN)) {
                giveStreamsAway(stdio);
            }
        } catch (ErrnoException refused) {
            if (refused.errno() != Errno.EPERM && refused.errno() != Errno.EINVAL) {
                throw refused;
            }
        }
    }

    private void giveStreamsAway(StdioPipes stdio) {
        long user = launch.identity.map(Identity::user).orElse(0L);
        long group = launch.identity.map(Identity::group).orElse(0L);
        if (launch.idMaps.isSet()) {
            launch.idMaps
                    .outsideUser(user)
                    .ifPresent(outside -> stdio.giveTo(
                            outside, launch.idMaps.outsideGroup(group).orElse(-1L)));
        } else if (user != 0) {
            stdio.giveTo(user, group);
        }
    }

    /** From here on the child owns what was launched; if it can't, nobody does. */
    private Child adopted(Launched launched, StdioPipes stdio) {
        Running running = new Running(launched, launcher);
        StdioPipes.Streams streams;
        Child child;
        try {
            Optional<Terminal> terminal = launched.terminal().map(Terminal::new);
            streams = terminal.isPresent()
                    ? StdioPipes.terminal(launched.terminal().orElseThrow(), launcher.poller())
                    : stdio.streams(launcher.poller());
            child = new Child(command, launch, launcher, running, streams, terminal, launched.rest(), begin);
        } catch (RuntimeException | Error failed) {
            launched.end();
            throw failed;
        }
        try {
            running.watch();
        } catch (RuntimeException | Error failed) {
            streams.close().forEach(failed::addSuppressed);
            throw failed;
        }
        stdio.handOver();
        try {
            child.begin();
        } catch (RuntimeException | Error failed) { // such as no thread to be had
            child.close();
            throw failed;
        }
        return child;
    }

    private LaunchRequest.Waits waits() {
        return new LaunchRequest.Waits() {
            @Override
            public void mapIds(int pid) {
                attach(launch.idMaps.writer(), pid);
            }

            @Override
            public void listen(int listener) {
                launch.own(launch.listening
                        .orElseThrow(() -> new IllegalStateException("a filter asks, and nobody answers"))
                        .listen(listener));
            }

            @Override
            public void connect(int pid) {
                attach(launch.network, pid);
            }
        };
    }

    private void attach(Optional<Launch.Attachment> attachment, int pid) {
        if (attachment.isEmpty()) {
            throw new IllegalStateException("the launcher waits for something that nobody was asked for");
        }
        try {
            launch.own(attachment.get().attach(pid));
        } catch (RuntimeException failed) {
            throw failed;
        } catch (Exception checked) {
            throw new AttachFailed("can't start " + command + ": " + checked.getMessage(), checked);
        }
    }

    /** Too late to stop it, but the caller has gone on: nobody would ever close it. */
    private void unlessInterrupted(Runnable tooLate) {
        if (Thread.currentThread().isInterrupted()) {
            tooLate.run();
            throw interrupted(launch);
        }
    }

    /** Goes on with a launch that rests. */
    static void resume(Launch launch, Launcher launcher, Handshake rest) {
        outcome(launch, () -> {
            launcher.resume(rest, TIMEOUT);
            return rest;
        });
        if (Thread.currentThread().isInterrupted()) {
            throw interrupted(launch);
        }
    }

    private static LaunchCancelled interrupted(Launch launch) {
        return new LaunchCancelled("interrupted while starting " + launch.command(), null);
    }

    /** What comes of it, or an exception of ours. */
    private static <T> T outcome(Launch launch, Supplier<T> talk) {
        try {
            return talk.get();
        } catch (RuntimeException failed) {
            throw translated(launch, failed);
        }
    }

    private static RuntimeException translated(Launch launch, RuntimeException failed) {
        if (failed instanceof StepFailed step) {
            return LaunchErrors.of(launch, step);
        }
        if (failed instanceof LaunchBroken broken) {
            return LaunchErrors.of(launch, broken);
        }
        if (failed instanceof ErrnoException refused) {
            return LaunchErrors.beforeSpawn(launch.command(), refused);
        }
        if (failed instanceof CorralException ours) {
            return ours;
        }
        return new ProtocolError("can't start " + launch.command() + ": " + failed, failed, null);
    }
}
