package dev.corral.cgroups;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;

/** Tries to stop itself, in a group that it was started in. */
final class StandstillProgram {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private StandstillProgram() {}

    /** The arguments are the directories of the group, one for each hierarchy. */
    public static void main(String[] arguments) {
        Path[] above =
                Arrays.stream(arguments).map(Path::of).map(Path::getParent).toArray(Path[]::new);
        Cgroups host = Cgroups.detect().within(above);
        Cgroup own = host.find(Path.of(arguments[0]).getFileName().toString()).orElseThrow();
        say("freeze", () -> own.freeze(LIMIT));
        own.find(FreezerV1.class).ifPresent(freezer -> say("freezer", freezer::freeze));
        own.v2()
                .ifPresent(
                        unified -> say("file", () -> own.file("cgroup.freeze").write("1")));
        own.v2().ifPresent(unified -> say("off", () -> own.file("cgroup.freeze").write("0")));
        try (Cgroup below = own.child("below")) {
            below.freeze(LIMIT);
            say("attach", () -> below.attach(ProcessHandle.current()));
            say("thread", () -> below.attachThread(ProcessHandle.current().pid()));
        }
    }

    private static void say(String what, Runnable action) {
        String answer = "done";
        try {
            action.run();
        } catch (CgroupException e) {
            answer = e.getClass().getSimpleName() + " " + e.getMessage();
        }
        System.out.println(what + ": " + answer);
    }
}
