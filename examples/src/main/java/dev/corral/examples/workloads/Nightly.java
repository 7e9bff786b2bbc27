package dev.corral.examples.workloads;

import dev.corral.reconcile.plane.ControlPlane;
import dev.corral.reconcile.testing.ManualClock;
import dev.corral.reconcile.workload.CronJob;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** What runs at three each night, for a week that is over in a moment: the processes are real, the time is not. */
public final class Nightly {
    private static final Instant MONDAY = Instant.parse("2026-03-23T12:00:00Z");
    private static final int NIGHTS = 7;

    private Nightly() {}

    /** Takes no arguments. */
    public static void main(String... arguments) throws InterruptedException {
        ManualClock clock = ManualClock.startingAt(MONDAY);
        try (ControlPlane plane = ControlPlane.local().clock(clock).start()) {
            run(plane, clock, System.out::println).forEach(System.out::println);
            System.out.println(plane.describe(CronJob.KIND));
        }
    }

    /** When a Job was complete for, night by night; in Berlin, where the clocks go forward in the last one. */
    static List<Instant> run(ControlPlane plane, ManualClock clock, Consumer<String> lines)
            throws InterruptedException {
        CronJob nightly = CronJob.named("nightly")
                .schedule("0 3 * * *")
                .zone("Europe/Berlin")
                .job(job -> job.container(c -> c.command("true")));
        BlockingQueue<String> told = new LinkedBlockingQueue<>();
        plane.follow(nightly, line -> {
            lines.accept(line);
            told.add(line);
        });
        plane.apply(nightly);
        List<Instant> due = new ArrayList<>();
        for (int night = 0; night < NIGHTS; night++) {
            while (told.poll(100, TimeUnit.MILLISECONDS) != null) {} // the day is quiet before it ends
            Instant before = scheduled(plane);
            clock.advance(Duration.ofDays(1));
            while (scheduled(plane).equals(before) || !succeeded(plane)) {
                told.poll(10, TimeUnit.MILLISECONDS); // until something has happened
                clock.advance(Duration.ofMillis(100)); // what was put off is done while time goes on
            }
            due.add(scheduled(plane));
        }
        return due;
    }

    private static Instant scheduled(ControlPlane plane) {
        return plane.get(CronJob.KIND, "nightly")
                .flatMap(cron -> cron.status().lastScheduleTime())
                .orElse(MONDAY);
    }

    /** Whether the Job of the last night is over. */
    private static boolean succeeded(ControlPlane plane) {
        return plane.get(CronJob.KIND, "nightly")
                .flatMap(cron -> cron.status().lastSuccessfulTime())
                .filter(last -> !last.isBefore(scheduled(plane)))
                .isPresent();
    }
}
