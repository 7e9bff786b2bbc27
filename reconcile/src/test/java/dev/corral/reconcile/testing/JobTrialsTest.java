package dev.corral.reconcile.testing;

import static java.time.Duration.ofHours;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;

import dev.corral.reconcile.Resource;
import dev.corral.reconcile.workload.ConcurrencyPolicy;
import dev.corral.reconcile.workload.Container;
import dev.corral.reconcile.workload.ContainerRuntime;
import dev.corral.reconcile.workload.CronJob;
import dev.corral.reconcile.workload.Job;
import dev.corral.reconcile.workload.JobSpec;
import dev.corral.reconcile.workload.JobStatus;
import dev.corral.reconcile.workload.Pod;
import dev.corral.reconcile.workload.PodPhase;
import dev.corral.reconcile.workload.PodReplacementPolicy;
import dev.corral.reconcile.workload.RestartPolicy;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Jobs and CronJobs, with everything that can go wrong. */
@Tag("worlds")
class JobTrialsTest {
    private static final int FEW = 10;

    private static final Job IMPORT = Job.named("import").container(c -> c.command("import"));

    static Stream<Arguments> jobs() {
        return Stream.of(
                        IMPORT.completions(4).parallelism(2).backoffLimit(50),
                        IMPORT.completions(4).parallelism(2).backoffLimit(1),
                        IMPORT.parallelism(3).backoffLimit(50),
                        IMPORT.completions(3).parallelism(3).restartPolicy(RestartPolicy.ON_FAILURE),
                        IMPORT.indexed().completions(4).parallelism(3).backoffLimit(50),
                        IMPORT.indexed().completions(4).parallelism(3).backoffLimitPerIndex(1),
                        IMPORT.indexed()
                                .completions(4)
                                .parallelism(2)
                                .backoffLimit(50)
                                .podReplacementPolicy(PodReplacementPolicy.FAILED))
                .flatMap(job -> Stream.of(Arguments.of(job, true), Arguments.of(job, false)));
    }

    @ParameterizedTest(name = "{index}, transactions {1}")
    @MethodSource("jobs")
    void countsWhatHasEndedOnceAndComesToOneEnd(Job job, boolean transactions) {
        Simulation world = Simulation.ofWorkloads().processes(JobTrialsTest::sometimesFailing);
        Seeds.exhaustiveIfAsked((transactions ? world : world.withoutTransactions())
                        .apply(job)
                        .seeds(Seeds.ofJobs(FEW))
                        .faults(Faults.all())
                        .within(ofHours(10))
                        .always(
                                "never more active than parallelism",
                                world1 -> active(world1)
                                        <= job.spec().parallelism().orElse(1))
                        .always("what is counted is there", JobTrialsTest::noneTwice)
                        .always("one end at most", JobTrialsTest::oneEndAtMost)
                        .always("at the end nothing runs", JobTrialsTest::restsAtTheEnd)
                        .eventually("it has come to its end", world1 -> Job.FINISHED.test(the(world1)))
                        .eventually("all is counted", JobTrialsTest::allCounted))
                .run();
    }

    /** The first try of every second pod fails. */
    private static Script sometimesFailing(ContainerRuntime.Identity identity, Container container) {
        boolean fails = identity.attempt() == 0 && Math.floorMod(identity.pod().hashCode(), 3) == 0;
        return Script.server().startsAfter(ofSeconds(1)).exits(fails ? 1 : 0, ofSeconds(5));
    }

    private static Resource<JobSpec, JobStatus> the(World world) {
        return world.get(Job.KIND, "import");
    }

    private static long active(World world) {
        return world.pods().filter(Pod::active).count();
    }

    private static long in(World world, PodPhase phase) {
        return world.pods().filter(pod -> pod.status().phase() == phase).count();
    }

    /**
     * Pods that have succeeded stay, so there can't be more successes than those; except at the end, when those that are ended may
     * end well and go. Never are there more than wanted.
     */
    private static boolean noneTwice(World world) {
        return world.find(Job.KIND, "import")
                .filter(job ->
                        job.status().succeeded() > job.spec().completions().orElse(Integer.MAX_VALUE)
                                || (!ending(job) && job.status().succeeded() > in(world, PodPhase.SUCCEEDED)))
                .isEmpty();
    }

    private static boolean ending(Resource<JobSpec, JobStatus> job) {
        return job.status().conditions().holds(JobStatus.FAILURE_TARGET)
                || job.status().conditions().holds(JobStatus.SUCCESS_CRITERIA_MET);
    }

    private static boolean oneEndAtMost(World world) {
        return world.find(Job.KIND, "import")
                .filter(job -> job.status().complete() && job.status().hasFailed())
                .isEmpty();
    }

    private static boolean restsAtTheEnd(World world) {
        return world.find(Job.KIND, "import").filter(Job.FINISHED).isEmpty() || active(world) == 0;
    }

    /** Pods that were deleted have failed too, and are gone. */
    private static boolean allCounted(World world) {
        Resource<JobSpec, JobStatus> job = the(world);
        boolean indexed = !job.status().completedIndexes().isEmpty();
        long succeeded = in(world, PodPhase.SUCCEEDED);
        return world.pods().noneMatch(pod -> !pod.metadata().finalizers().isEmpty())
                && (indexed || job.status().hasFailed() || job.status().succeeded() == succeeded)
                && job.status().failed() >= in(world, PodPhase.FAILED);
    }

    @ParameterizedTest(name = "transactions {0}")
    @ValueSource(booleans = {true, false})
    void suspendedGrownAndResumedItComesToItsEnd(boolean transactions) {
        Job job = IMPORT.completions(6).parallelism(2).backoffLimit(50);
        Simulation world = Simulation.ofWorkloads().processes(JobTrialsTest::sometimesFailing);
        (transactions ? world : world.withoutTransactions())
                .apply(job)
                .advance(ofSeconds(3))
                .apply(job.suspend(true))
                .advance(ofSeconds(20))
                .apply(job.parallelism(4))
                .advance(ofSeconds(3))
                .apply(job.parallelism(1))
                .seeds(Seeds.ofJobs(FEW))
                .faults(Faults.all())
                .within(ofHours(10))
                .always("never more active than parallelism", world1 -> active(world1) <= 4)
                .always("what is counted is there", JobTrialsTest::noneTwice)
                .always("one end at most", JobTrialsTest::oneEndAtMost)
                .eventually("it is complete", world1 -> Job.COMPLETE.test(the(world1)))
                .run();
    }

    @ParameterizedTest(name = "{0}, transactions {1}")
    @CsvSource({"ALLOW, true", "FORBID, true", "REPLACE, true", "ALLOW, false", "FORBID, false", "REPLACE, false"})
    void aCronJobStartsEachTimeOnce(ConcurrencyPolicy policy, boolean transactions) {
        // Written one thing at a time, the status is a write behind what was deleted.
        CronJob tick = CronJob.named("tick")
                .schedule("*/5 * * * *")
                .concurrencyPolicy(policy)
                .job(job -> job.container(c -> c.command("tick")));
        Simulation world = Simulation.ofWorkloads()
                .processes((identity, container) -> Script.server().exits(0, ofMinutes(7)));
        (transactions ? world : world.withoutTransactions())
                .apply(tick.suspend(true))
                .settle()
                .apply(tick)
                .advance(ofMinutes(40))
                .apply(tick.suspend(true))
                .seeds(Seeds.ofCronJobs(FEW))
                .faults(Faults.all())
                .within(ofHours(10))
                .always(
                        "not more than its policy allows",
                        world1 -> policy == ConcurrencyPolicy.ALLOW || unfinished(world1) <= 1)
                .always(
                        "what it knows of is there",
                        world1 -> !transactions
                                || world1.find(CronJob.KIND, "tick")
                                        .filter(cron -> cron.status().active().size()
                                                > world1.list(Job.KIND).size())
                                        .isEmpty())
                .eventually(
                        "nothing is active",
                        world1 -> world1.get(CronJob.KIND, "tick")
                                .status()
                                .active()
                                .isEmpty())
                .eventually(
                        "history is bounded", world1 -> world1.list(Job.KIND).size() <= 4)
                .run();
    }

    private static long unfinished(World world) {
        return world.list(Job.KIND).stream().filter(Job.FINISHED.negate()).count();
    }
}
