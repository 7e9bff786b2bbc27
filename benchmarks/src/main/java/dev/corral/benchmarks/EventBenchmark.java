package dev.corral.benchmarks;

import dev.corral.ByteSize;
import dev.corral.Child;
import dev.corral.Command;
import dev.corral.cgroups.Cgroup;
import dev.corral.cgroups.CgroupEvents;
import dev.corral.cgroups.CgroupMode;
import dev.corral.cgroups.Cgroups;
import dev.corral.cgroups.Controller;
import dev.corral.cgroups.Limits;
import dev.corral.cgroups.Subscription;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * How long after the kernel's wake-up a handler hears of an event: a C program waits for the same file and tells when it was
 * woken. Also the time since the cause: the write that freezes, the last statement of the last process, the word to take memory. For
 * want of memory C is not woken but looks again and again: of two that are woken at once one would be put on the processor of the
 * kill. The handlers run on the thread that waits for events.
 */
record EventBenchmark(Cgroups groups, CPrograms programs, CgroupReport report) {
    private static final double GOAL_MILLIS = 2;
    private static final int WARM_UP = 20;
    private static final int FREEZES = 200;
    private static final int ENDS = 100;
    private static final int KILLS = 200;
    private static final int BESIDE = 100;
    /** Until the JVM has compiled what reads who was killed, as it has in one that lives for long. */
    private static final int WARM_UP_KILLS = 200;

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

    /**
     * What passed until the handler was called.
     *
     * @param begin since the cause
     * @param wake since the kernel let the C program see the event; 0 if the handler was first
     */
    private record Delay(long begin, long wake) {}

    /** What both stand for. */
    private record Names(String begin, String wake, String goal) {
        static final Names OF_STATE = new Names("its cause", "C was woken", "after the wake-up");
        static final Names OF_KILL = new Names("its cause", "C saw it counted", "after the kernel counted it");
    }

    @FunctionalInterface
    private interface Trial {
        Delay once(Cgroup group, Ears ears, BufferedReader listener) throws Exception;
    }

    void run() throws Exception {
        Path cause = programs.build("cause");
        state("frozen", FREEZES, cause, EventBenchmark::freeze);
        state("empty", ENDS, cause, (group, ears, listener) -> end(group, ears, listener, cause));
        if (groups.availability(Controller.MEMORY).ok() && groups.mode() != CgroupMode.UNIFIED) {
            measure(
                    "oomKill",
                    Names.OF_KILL,
                    WARM_UP_KILLS,
                    KILLS,
                    group -> List.of(cause.toString(), "watch", memory(group, "memory.oom_control")),
                    (group, ears, listener) -> kill(group, ears, listener, cause));
            besideTheKill(cause);
        } else {
            report.goal(Goal.unmeasured("oomKill to its handler", "memory is not held by version 1"));
        }
    }

    private void state(String event, int times, Path cause, Trial trial) throws Exception {
        measure(
                event,
                Names.OF_STATE,
                WARM_UP,
                times,
                group -> List.of(
                        cause.toString(),
                        "hear",
                        group.path().resolve("cgroup.events").toString()),
                trial);
    }

    private void measure(
            String event, Names names, int warmUp, int times, Function<Cgroup, List<String>> hear, Trial trial)
            throws Exception {
        Ears ears = new Ears(new LinkedBlockingQueue<>());
        List<Long> begins = new ArrayList<>();
        List<Long> wakes = new ArrayList<>();
        try (Cgroup group = groups.create(CgroupBenchmark.name("events"));
                Subscription listening = group.on(ears, Runnable::run)) {
            Process listener = new ProcessBuilder(hear.apply(group)).start();
            try (BufferedReader lines = listener.inputReader()) {
                lines.readLine();
                for (int i = 0; i < warmUp + times; i++) {
                    Delay delay = trial.once(group, ears, lines);
                    if (i >= warmUp) {
                        begins.add(delay.begin());
                        wakes.add(delay.wake());
                    }
                }
            } finally {
                listener.destroyForcibly().waitFor();
            }
            listening.notes().stream()
                    .filter(note -> note.contains(event) && note.contains("looked at every"))
                    .forEach(note -> report.missing("a push of " + note));
        }
        report.delays(event + ", since " + names.begin(), begins);
        report.delays(event + ", since " + names.wake(), wakes);
        report.goal(Goal.atMost(
                event + " to its handler, ms " + names.goal() + ", 99 of 100",
                GOAL_MILLIS,
                Statistics.percentile(wakes, 0.99) / 1e6));
    }

    private static Delay freeze(Cgroup group, Ears ears, BufferedReader listener) throws Exception {
        Thread.sleep(APART_MILLIS);
        long begin = System.nanoTime();
        group.file("cgroup.freeze").write("1");
        long heard = ears.await("frozen");
        long woken = until(listener, "0 1");
        Thread.sleep(APART_MILLIS);
        group.file("cgroup.freeze").write("0");
        ears.await("thawed");
        until(listener, "0 0");
        return new Delay(heard - begin, Math.max(0, heard - woken));
    }

    private static Delay end(Cgroup group, Ears ears, BufferedReader listener, Path cause) throws Exception {
        Thread.sleep(APART_MILLIS);
        try (Child child = Command.of(cause.toString(), "exit").with(group).start();
                BufferedReader answer = child.inputReader()) {
            ears.await("populated");
            until(listener, "1 0");
            Thread.sleep(APART_MILLIS);
            go(child);
            long begin = Long.parseLong(answer.readLine());
            long heard = ears.await("empty");
            return new Delay(heard - begin, Math.max(0, heard - until(listener, "0 0")));
        }
    }

    private static Delay kill(Cgroup group, Ears ears, BufferedReader listener, Path cause) throws Exception {
        group.apply(Limits.none().memory(ByteSize.mebibytes(8)));
        Thread.sleep(APART_MILLIS);
        while (listener.ready()) {
            listener.readLine();
        }
        try (Child child = Command.of(cause.toString(), "eat").with(group).start()) {
            long begin = System.nanoTime();
            go(child);
            long heard = ears.await("oomKill");
            long counted = until(listener, "counted");
            child.await();
            return new Delay(heard - begin, Math.max(0, heard - counted));
        }
    }

    /**
     * For how long who is on the processor of a kill hears later of it than who is on another one: there the kernel prints its report
     * to the console, and nobody else runs meanwhile.
     */
    private void besideTheKill(Path cause) throws Exception {
        if (Runtime.getRuntime().availableProcessors() < 2) {
            report.missing("what the processor of a kill is held up by: there is one only");
            return;
        }
        List<Long> later = new ArrayList<>();
        try (Cgroup group = groups.create(CgroupBenchmark.name("beside"))) {
            group.apply(Limits.none().memory(ByteSize.mebibytes(8)));
            Process here = listener(group, cause, "0");
            Process there = listener(group, cause, "1");
            try (BufferedReader onIt = here.inputReader();
                    BufferedReader elsewhere = there.inputReader()) {
                until(onIt, "ready");
                until(elsewhere, "ready");
                for (int i = 0; i < BESIDE; i++) {
                    Thread.sleep(APART_MILLIS);
                    try (Child child =
                            Command.of(cause.toString(), "eat", "0").with(group).start()) {
                        go(child);
                        later.add(Math.max(0, until(onIt, "counted") - until(elsewhere, "counted")));
                        child.await();
                    }
                }
            } finally {
                here.destroyForcibly().waitFor();
                there.destroyForcibly().waitFor();
            }
        }
        report.delays("C on the processor of the kill saw it counted, since C on another did", later);
    }

    private static Process listener(Cgroup group, Path cause, String processor) throws IOException {
        return new ProcessBuilder(
                        cause.toString(),
                        "hear",
                        memory(group, "memory.oom_control"),
                        memory(group, "cgroup.event_control"),
                        processor)
                .start();
    }

    /** When the C program was woken to see that state. */
    private static long until(BufferedReader listener, String state) throws IOException {
        while (true) {
            String line = Objects.requireNonNull(listener.readLine(), "the C program has ended");
            int blank = line.indexOf(' ');
            if (line.substring(blank + 1).equals(state)) {
                return Long.parseLong(line.substring(0, blank));
            }
        }
    }

    private static String memory(Cgroup group, String file) {
        return group.path(Controller.MEMORY).orElseThrow().resolve(file).toString();
    }

    private static void go(Child child) throws Exception {
        child.getOutputStream().write('\n');
        child.getOutputStream().flush();
    }
}
