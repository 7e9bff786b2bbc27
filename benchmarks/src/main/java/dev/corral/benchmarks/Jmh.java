package dev.corral.benchmarks;

import java.util.Objects;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Benchmarks of what happens inside the JVM, each in a JVM of its own. */
final class Jmh {
    private static final int FORKS = 1;
    private static final int WARM_UP = 3;
    /** As long as something is still compiled, objects are made that a compiled method does without. */
    private static final int WARM_UP_OF_ALLOCATION = 12;

    private static final int RUNS = 5;

    private Jmh() {}

    /** One method of a class with benchmarks, five runs of a second, with what it allocates. */
    static RunResult run(Class<?> benchmarks, String method) throws RunnerException {
        return run(benchmarks, method, WARM_UP);
    }

    /** The same for what is allocated, by code that is compiled. */
    static RunResult allocation(Class<?> benchmarks, String method) throws RunnerException {
        return run(benchmarks, method, WARM_UP_OF_ALLOCATION);
    }

    private static RunResult run(Class<?> benchmarks, String method, int warmUp) throws RunnerException {
        return new Runner(new OptionsBuilder()
                        .include("\\Q" + benchmarks.getName() + "." + method + "\\E$")
                        .forks(FORKS)
                        .warmupIterations(warmUp)
                        .warmupTime(TimeValue.seconds(1))
                        .measurementIterations(RUNS)
                        .measurementTime(TimeValue.seconds(1))
                        .addProfiler(GCProfiler.class)
                        .shouldFailOnError(true)
                        .verbosity(VerboseMode.SILENT)
                        .build())
                .runSingle();
    }

    /** Operations in a second. */
    static double rate(RunResult result) {
        return result.getPrimaryResult().getScore();
    }

    /** Bytes allocated for one operation, with what JMH itself allocates; the median of the runs. */
    static double bytes(RunResult result) {
        return Objects.requireNonNull(result.getSecondaryResults().get("gc.alloc.rate.norm"))
                .getStatistics()
                .getPercentile(50);
    }
}
