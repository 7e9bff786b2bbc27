package dev.corral.cgroups;

import dev.corral.internal.linux.NamespaceCalls;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Tries what the kernel refuses in surroundings that no test should have for itself. */
final class RefusedProgram {
    private RefusedProgram() {}

    /**
     * Runs it in a group, and returns what it says.
     *
     * @param arguments as for {@link #main}
     */
    static String in(Cgroup group, String... arguments) throws IOException, InterruptedException {
        return run("echo $$ > '" + group.path() + "/cgroup.procs' && exec \"$@\"", arguments);
    }

    /** Runs it by a script, which ends with {@code exec "$@"}. */
    static String run(String script, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("sh", "-c", script, "sh"));
        command.addAll(OtherJvm.line(RefusedProgram.class, arguments));
        Process program = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(program.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        program.waitFor();
        return said;
    }

    /** {@code namespace GROUP PID} moves a process from within a namespace; {@code make GROUP} makes a group in one. */
    public static void main(String[] arguments) {
        Path group = Path.of(arguments[1]);
        try {
            Cgroup own = Cgroups.detect()
                    .within(Objects.requireNonNull(group.getParent()))
                    .find(group.getFileName().toString())
                    .orElseThrow();
            if (arguments[0].equals("make")) {
                own.directories().get(0).child("more");
            } else {
                NamespaceCalls.unshare(NamespaceCalls.CLONE_NEWCGROUP);
                own.attach(ProcessHandle.of(Long.parseLong(arguments[2])).orElseThrow());
            }
            System.out.println("done");
        } catch (CgroupException e) {
            System.out.println(e.getClass().getSimpleName() + " " + e.getMessage());
        }
    }
}
