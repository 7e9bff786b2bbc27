package dev.corral.cgroups;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.corral.Child;
import dev.corral.Command;
import java.nio.file.Files;
import java.nio.file.Path;

/** A program that goes out of the way of its jobs in the version 2 group it sits in, and runs one. */
final class SupervisedProgram {
    private SupervisedProgram() {}

    /** The argument is the group. */
    public static void main(String[] arguments) throws Exception {
        Path own = Path.of(arguments[0]);
        Cgroups host = Cgroups.detect().within(own).supervised();
        try (Child child = Command.of("cat", "/proc/self/cgroup")
                .with(Limits.none().pids(10).named("job"))
                .start()) {
            System.out.println("job " + new String(child.getInputStream().readAllBytes(), UTF_8).strip());
            child.await();
        }
        System.out.println(
                "self " + Files.readString(Path.of("/proc/self/cgroup")).strip());
        System.out.println(
                "again " + Cgroups.detect().availability(Controller.PIDS).describe());
        System.out.println("same " + host.mode());
    }
}
