package dev.corral.examples.workloads;

import dev.corral.reconcile.Clock;
import dev.corral.reconcile.plane.ControlPlane;
import dev.corral.reconcile.workload.Job;
import dev.corral.reconcile.workload.JobStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.function.Consumer;

/** A hundred items, eight at a time. Every tenth fails at first and is tried again after its back-off. */
public final class HundredItems {
    /** By a clock that goes as much faster as {@link #main} has it. */
    private static final Duration PATIENCE = Duration.ofHours(2);

    private static final int HASTE = 50;
    private static final String WORK = """
            i=$JOB_COMPLETION_INDEX
            if [ $((i % 10)) -eq 3 ] && [ ! -e $DONE/$i.tried ]; then : > $DONE/$i.tried; exit 1; fi
            echo result > $DONE/$i
            """;

    private HundredItems() {}

    /** Takes no arguments. */
    public static void main(String... arguments) throws IOException, InterruptedException {
        Path done = Files.createTempDirectory("corral-items-");
        try (ControlPlane plane =
                ControlPlane.local().clock(Clock.system().faster(HASTE)).start()) {
            System.out.println(run(plane, done, System.out::println));
            System.out.println(plane.describe(Job.KIND));
        }
        System.out.println("the results are in " + done);
    }

    static JobStatus run(ControlPlane plane, Path done, Consumer<String> lines)
            throws IOException, InterruptedException {
        // The children of root run as users that nobody else is.
        Files.setPosixFilePermissions(done, PosixFilePermissions.fromString("rwxrwxrwx"));
        Job items = Job.named("items")
                .indexed()
                .completions(100)
                .parallelism(8)
                .backoffLimitPerIndex(2)
                .container(c -> c.command("sh", "-c", WORK).env("DONE", done.toString()));
        plane.follow(items, lines);
        plane.apply(items);
        return plane.require(items, Job.FINISHED, PATIENCE).status();
    }
}
