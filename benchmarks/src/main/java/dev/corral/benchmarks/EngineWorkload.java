package dev.corral.benchmarks;

import dev.corral.reconcile.QueueWorkload;
import java.util.List;

/** What is measured of the engine, each in a JVM of its own, with the goals in the order of its figures. */
@SuppressWarnings("ImmutableEnumChecker") // its fields are made once, of lambdas that keep nothing
enum EngineWorkload {
    QUEUE_ALONE(
            () -> of(QueueWorkload.oneThread()),
            least("B1 queue: add, take, done of 100 k keys, one thread, k/s", 3000)),
    QUEUE_SHARED(() -> of(QueueWorkload.fourThreads()), least("B1 the same, two threads add and two take, k/s", 1500)),
    QUEUE_HOT(() -> of(QueueWorkload.hot()), most("B2 a million adds on a thousand busy keys: guarantees broken", 0)),
    QUEUE_DELAYED(() -> of(QueueWorkload.delayed()), least("B3 a million delayed adds, drained, k/s", 1000)),
    WRITES(() -> of(StoreWorkload.writes()), least("B4 store writes, three watches and two indexes, k/s", 300)),
    IDLE_PASSES(() -> of(PassWorkload.idle()), least("B5 passes that find nothing to do, 100 k objects, k/s", 300)),
    WRITING_PASSES(() -> of(PassWorkload.writing()), least("B6 passes that write a status, k/s", 150)),
    LATENCY(() -> of(PassWorkload.latency(0)), most("B7 apply to child written, idle, 99 of 100, ms", 1)),
    BUSY_LATENCY(() -> of(PassWorkload.latency(50_000)), most("B7 the same while 50 k/s are applied, ms", 10)),
    COLD_START(
            PassWorkload::coldStart,
            most("B8 cold start of 100 k objects, s", 2),
            most("B8 fresh work meanwhile, 99 of 100, ms", 20)),
    HEAP(() -> of(StoreWorkload.bytes()), most("B9 heap for a pod besides its spec, bytes", 1200)),
    THOUSAND(
            PlaneWorkload::thousand,
            most("B10 a Deployment from 0 to 1 000 scripted pods, s", 0.5),
            most("B10 its rollout, 25 % and 25 %, s", 1.5)),
    MANY(() -> of(PlaneWorkload.many()), most("B11 10 k Deployments of 3 scripted pods, s", 10)),
    PLACING(
            () -> of(SchedulerWorkload.placed()),
            least("B12 pods given one of 1 000 nodes, until 10 k have filled them, k/s", 5)),
    INDEXED(() -> of(StoreWorkload.indexed()), most("B13 selector over 100 k objects, indexed, 0.1 % hit, µs", 50)),
    SCANNED(() -> of(StoreWorkload.scanned()), most("B13 the same, everything looked at, ms", 10)),
    IDLE(() -> of(PlaneWorkload.idle()), most("B16 idle: 10 k objects, 1 k probes in 10 s, % of a processor", 1)),
    TRIALS(() -> of(TrialsWorkload.worlds()), least("B17 simulated rollouts of 20 pods, all faults, worlds/s", 500));

    private final Work work;
    private final List<Bound> bounds;

    EngineWorkload(Work work, Bound... bounds) {
        this.work = work;
        this.bounds = List.of(bounds);
    }

    /** Does it and answers its figures. */
    @FunctionalInterface
    interface Work {
        double[] run() throws Exception;
    }

    /** A goal before it is measured. */
    record Bound(String what, double bound, boolean least) {
        Goal goal(double measured) {
            return least ? Goal.atLeast(what, bound, measured) : Goal.atMost(what, bound, measured);
        }
    }

    List<Bound> bounds() {
        return bounds;
    }

    private static double[] of(double figure) {
        return new double[] {figure};
    }

    private static Bound least(String what, double bound) {
        return new Bound(what, bound, true);
    }

    private static Bound most(String what, double bound) {
        return new Bound(what, bound, false);
    }

    /** Measures the one that is named and prints its figures. */
    public static void main(String[] arguments) throws Exception {
        for (double figure : valueOf(arguments[0]).work.run()) {
            System.out.println(figure);
        }
        System.exit(0);
    }
}
