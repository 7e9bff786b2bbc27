package dev.corral.benchmarks;

import dev.corral.ByteSize;
import dev.corral.Child;
import dev.corral.Command;
import dev.corral.cgroups.Cgroup;
import dev.corral.cgroups.CgroupEvents;
import dev.corral.cgroups.Cgroups;
import dev.corral.cgroups.Limits;
import dev.corral.cgroups.Subscription;
import java.io.BufferedReader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * How long after its cause a handler hears of an event: the write that freezes, the last statement of the last process, the
 * step that needed one page too many. The handlers run on the thread that waits for events.
 */
record EventBenchmark(Cgroups groups, CPrograms programs, CgroupReport report) {
    private static final double GOAL_MILLIS = 2;
    private static final int WARM_UP = 20;
    private static final int FREEZES = 200;
    private static final int ENDS = 100;
    private static final int KILLS = 60;
    /** The kernel tells of changes of a group's state every 10 ms at most. */
    private static final long APART_MILLIS = 15;

    private static final long PATIENCE_SECONDS = 10;

    /** An event, and when its handler was called. */
    private record Heard(String event, long nanos) {}

    private record Ears(BlockingQueue<Heard> heard) implements CgroupEvents {
        @Override
        public void frozen() {
            hear("frozen");
        }

        @Override
        public void thawed() {
            hear("thawed");
        }

        @Override
        public void populated() {
            hear("populated");
        }

        @Override
        public void empty() {
            hear("empty");
        }

        @Override
        public void oomKill(OomKill kill) {
            hear("oomKill");
        }

        private void hear(String event) {
            heard.add(new Heard(event, System.nanoTime()));
        }

        /** When the handler was called; what comes before it is of no interest. */
        long await(String event) throws InterruptedException {
            while (true) {
                Heard next = Objects.requireNonNull(heard.poll(PATIENCE_SECONDS, TimeUnit.SECONDS), event);
                if (next.event().equals(event)) {
                    return next.nanos();
                }
            }
        }
    }

    @FunctionalInterface
    private interface Delay {
        long nanos(Cgroup group, Ears ears) throws Exception;
    }

    void run() throws Exception {
        Path cause = programs.build("cause");
        Path stamp = programs.file("stamp");
        Files.write(stamp, new byte[4096]);
        measure("frozen", FREEZES, EventBenchmark::freeze);
        measure("empty", ENDS, (group, ears) -> end(group, ears, cause));
        measure("oomKill", KILLS, (group, ears) -> kill(group, ears, cause, stamp));
    }

    private void measure(String event, int times, Delay delay) throws Exception {
        Ears ears = new Ears(new LinkedBlockingQueue<>());
        List<Long> nanos = new ArrayList<>();
        try (Cgroup group = groups.create(CgroupBenchmark.name("events"));
                Subscription listening = group.on(ears, Runnable::run)) {
            for (int i = 0; i < WARM_UP + times; i++) {
                long took = delay.nanos(group, ears);
                if (i >= WARM_UP) {
                    nanos.add(took);
                }
            }
            listening.notes().stream()
                    .filter(note -> note.contains(event))
                    .forEach(note -> report.missing("a push of " + note));
        }
        report.delays(event, nanos);
        report.goal(Goal.atMost(
                event + " to its handler, ms, 99 of 100", GOAL_MILLIS, Figures.percentile(nanos, 0.99) / 1e6));
    }

    private static long freeze(Cgroup group, Ears ears) throws Exception {
        Thread.sleep(APART_MILLIS);
        long begin = System.nanoTime();
        group.file("cgroup.freeze").write("1");
        long delay = ears.await("frozen") - begin;
        Thread.sleep(APART_MILLIS);
        group.file("cgroup.freeze").write("0");
        ears.await("thawed");
        return delay;
    }

    private static long end(Cgroup group, Ears ears, Path cause) throws Exception {
        Thread.sleep(APART_MILLIS);
        try (Child child = Command.of(cause.toString(), "exit").with(group).start();
                BufferedReader answer = child.inputReader()) {
            ears.await("populated");
            Thread.sleep(APART_MILLIS);
            go(child);
            long begin = Long.parseLong(answer.readLine());
            return ears.await("empty") - begin;
        }
    }

    private static long kill(Cgroup group, Ears ears, Path cause, Path stamp) throws Exception {
        group.apply(Limits.none().memory(ByteSize.mebibytes(8)));
        Thread.sleep(APART_MILLIS);
        try (Child child = Command.of(cause.toString(), "eat", stamp.toString())
                .with(group)
                .start()) {
            go(child);
            long heard = ears.await("oomKill");
            child.await();
            return heard
                    - ByteBuffer.wrap(Files.readAllBytes(stamp))
                            .order(ByteOrder.nativeOrder())
                            .getLong();
        }
    }

    private static void go(Child child) throws Exception {
        child.getOutputStream().write('\n');
        child.getOutputStream().flush();
    }
}
