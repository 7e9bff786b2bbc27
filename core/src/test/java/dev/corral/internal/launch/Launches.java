package dev.corral.internal.launch;

import dev.corral.internal.linux.Fd;
import dev.corral.internal.linux.LibC;
import dev.corral.internal.linux.PollCalls;
import dev.corral.internal.linux.Poller;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Launches below the public API, for what it does not let through. */
final class Launches {
    static final Duration PATIENCE = Duration.ofSeconds(30);

    private Launches() {}

    static LaunchPlan plan(List<String> namespaces, String... command) {
        return new LaunchPlan(List.of(command), List.of(), List.of(command[0])).namespaces(namespaces);
    }

    static LaunchPlan plan(String... command) {
        return plan(List.of(), command);
    }

    /**
     * A reaper whose poller waits already: on a busy machine a kill may take longer than the reaper waits itself, and what the
     * poller opens only then would be taken for something that is left.
     */
    static Reaper reaper(Duration patience) {
        Poller poller = new Poller("test");
        try (Fd never = new Fd(PollCalls.eventfd());
                Poller.Watch watch = poller.watch(never.number())) {
            watch.once(PollCalls.POLLIN, () -> {});
        }
        return new Reaper(poller, patience);
    }

    /** Starts a plan with streams from and to /dev/null and the given v1 groups. */
    static Launched start(Launcher launcher, LaunchPlan plan, Duration timeout, Integer... groups) {
        try (Fd nothing = new Fd(LibC.open(Path.of("/dev/null"), LibC.O_RDWR))) {
            int end = nothing.number();
            List.of(groups).forEach(plan::groupFile);
            LaunchRequest request = new LaunchRequest(plan, List.of(end, end, end));
            return launcher.launch(launcher.begin(), request, timeout);
        }
    }

    /** Waits for the end; the raw wait status. */
    static int end(Launcher launcher, Launched launched) {
        Running running = new Running(launched, launcher);
        running.watch();
        return running.ended()
                .orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                .join()
                .waited()
                .orElseThrow()
                .rawStatus();
    }
}
