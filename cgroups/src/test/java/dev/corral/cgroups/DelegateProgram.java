package dev.corral.cgroups;

import dev.corral.ByteSize;
import dev.corral.Child;
import dev.corral.Command;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;

/** What an ordinary user does in a subtree that was delegated to it: all of it below, and nothing above. */
final class DelegateProgram {
    private DelegateProgram() {}

    /** The arguments are the directories of the group, one for each hierarchy. */
    public static void main(String[] arguments) throws Exception {
        Path[] directories = Arrays.stream(arguments).map(Path::of).toArray(Path[]::new);
        Cgroups host = Cgroups.detect().within(directories);
        say("delegated", host.delegated().describe());
        say("above", refusal(() -> Cgroups.detect().create("corral-test-not-mine")));

        Cgroup top = host.create("top");
        say("below", top.paths().stream().allMatch(path -> path.endsWith("top")));
        Cgroup inner = top.child("inner");
        say("inner", inner.paths().size() == top.paths().size());
        Process outside = new ProcessBuilder("sleep", "600").start();
        say("outsider", refusal(() -> inner.attach(outside)));
        outside.destroyForcibly();

        // in version 1 who may write the file may move processes of the same user
        Limits limits = Limits.none().memory(ByteSize.mebibytes(64)).pids(20).under(top);
        say(
                "limits",
                refusal(() ->
                        top.apply(Limits.none().memory(ByteSize.mebibytes(64)).pids(30))));
        say("birth", refusal(() -> born(limits)));
        say("own limits", refusal(() -> write(directories, "pids.max", "5")));
        top.freeze(Duration.ofSeconds(30));
        say("frozen", top.isFrozen());
        top.thaw();
        say("killed", top.kill().ok());
        top.close();
        say("removed", top.paths().stream().noneMatch(Files::exists));
    }

    private static void born(Limits limits) {
        try (Child child = Command.of("sleep", "600").with(limits).start()) {
            Cgroup group = child.find(Cgroup.class).orElseThrow();
            if (!group.members().pids().contains(child.pid())) {
                throw new IllegalStateException("it is not in " + group);
            }
        }
    }

    private static void write(Path[] directories, String file, String value) {
        for (Path directory : directories) {
            if (Files.exists(directory.resolve(file))) {
                new KernelTree().write(directory.resolve(file), value + "\n");
            }
        }
    }

    static String refusal(Runnable action) {
        try {
            action.run();
            return "-";
        } catch (RuntimeException e) {
            return e.getClass().getSimpleName() + " " + e.getMessage();
        }
    }

    private static void say(String what, Object answer) {
        System.out.println(what + ": " + answer);
    }
}
