package dev.corral.cgroups;

import dev.corral.Child;
import dev.corral.Command;

/** A program with a limit of memory that it did not set, whose child takes more than that and is limited in something else. */
final class InheritsMemoryProgram {
    private InheritsMemoryProgram() {}

    public static void main(String[] arguments) throws Exception {
        try (Child child = Command.of("tail", "/dev/zero")
                .with(Limits.none().cpus(1).named(arguments[0]))
                .start()) {
            System.out.println(child.await());
        }
    }
}
