package dev.corral.examples.classic;

import static dev.corral.ByteSize.mebibytes;

import dev.corral.Child;
import dev.corral.Command;
import dev.corral.Exit;
import dev.corral.cgroups.Availability;
import dev.corral.cgroups.Cgroups;
import dev.corral.cgroups.Controller;
import dev.corral.cgroups.LimitCause;
import dev.corral.cgroups.Limits;

/** A program that takes memory until its limit kills it, and the exit that says so. */
public final class MemoryLimit {
    private MemoryLimit() {}

    /** Takes no arguments. */
    public static void main(String... arguments) throws InterruptedException {
        Availability memory = Cgroups.detect().availability(Controller.MEMORY);
        if (!memory.ok()) {
            System.out.println(memory.describe());
            return;
        }
        Exit exit = run();
        System.out.println(exit); // killed by SIGKILL in 0.1 s: out of memory (limit 64 MiB)
        exit.cause(LimitCause.OutOfMemory.class)
                .flatMap(LimitCause.OutOfMemory::limit)
                .ifPresent(limit -> System.out.println("it needs more than " + limit));
    }

    static Exit run() throws InterruptedException {
        Command greedy = Command.of("tail", "/dev/zero") // waits for the end of a line that has none
                .with(Limits.none().memory(mebibytes(64)));
        try (Child child = greedy.start()) {
            return child.await();
        }
    }
}
