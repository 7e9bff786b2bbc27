package dev.corral.reconcile.workload;

import static java.time.Duration.ofHours;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.corral.reconcile.Context;
import dev.corral.reconcile.Event;
import dev.corral.reconcile.Plan;
import dev.corral.reconcile.Resource;
import dev.corral.reconcile.testing.Script;
import dev.corral.reconcile.testing.Simulation;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CronJobControllerTest {
    private static final CronJob TICK = CronJob.named("tick")
            .schedule("*/10 * * * *")
            .job(job -> job.label("app", "tick").annotation("why", "test").container(c -> c.command("tick")));
    private static final long START = Instant.parse("2026-01-01T00:00:00Z").getEpochSecond() / 60;

    private static Simulation world(Duration runs, int code) {
        return Simulation.ofWorkloads()
                .processes((identity, container) -> Script.server().exits(code, runs));
    }

    /** The minutes from the start at which the jobs that are there were due. */
    private static List<Long> due(Simulation world) {
        return world.list(Job.KIND).stream()
                .map(job -> Long.parseLong(job.name().substring("tick-".length())) - START)
                .toList();
    }

    private static CronJobStatus status(Simulation world) {
        return world.get(CronJob.KIND, "tick").status();
    }

    private static List<String> told(Simulation world) {
        return world.events().stream()
                .filter(event -> event.kind().equals("CronJob"))
                .map(Event::reason)
                .distinct()
                .toList();
    }

    @Test
    void startsAJobEachTimeItIsDue() {
        Simulation world = world(ofSeconds(1), 0).apply(TICK).advance(ofMinutes(9));
        assertThat(world.names(Job.KIND)).isEmpty();
        world.advance(ofMinutes(1)).advance(ofMillis(200));
        assertThat(due(world)).containsExactly(10L);
        assertThat(status(world).active()).containsExactly("tick-" + (START + 10));
        Resource<JobSpec, JobStatus> job = world.list(Job.KIND).get(0);
        assertThat(job.metadata().labels()).containsEntry("app", "tick");
        assertThat(job.metadata().annotations())
                .containsEntry("why", "test")
                .containsEntry(CronJobController.SCHEDULED, "2026-01-01T00:10:00Z");
        world.advance(ofMinutes(1));
        assertThat(status(world).active()).isEmpty();
        assertThat(status(world).lastScheduleTime()).contains(Instant.parse("2026-01-01T00:10:00Z"));
        assertThat(status(world).lastSuccessfulTime().orElseThrow()).isAfter(Instant.parse("2026-01-01T00:10:00Z"));
        assertThat(told(world)).containsExactly("SuccessfulCreate", "SawCompletedJob");
    }

    private static Duration ofMillis(long millis) {
        return Duration.ofMillis(millis);
    }

    @Test
    void goesByItsZone() {
        Simulation world = world(ofSeconds(1), 0)
                .apply(TICK.schedule("0 5 * * *").zone("Asia/Kolkata"))
                .advance(ofHours(1));
        assertThat(due(world)).isEmpty();
        world.advance(ofHours(23));
        assertThat(due(world)).containsExactly(23L * 60 + 30);
        assertThat(world.list(Job.KIND).get(0).metadata().annotations())
                .containsEntry(CronJobController.SCHEDULED, "2026-01-02T05:00:00+05:30");
    }

    @ParameterizedTest(name = "exit {0}, history {1} and {2}: {3}")
    @CsvSource({"0, 3, 1, 40 50 60", "1, 3, 1, 60", "0, 0, 9, ''", "1, 2, 2, 50 60"})
    void keepsSomeHistory(int code, int successful, int failed, String kept) {
        Simulation world = world(ofSeconds(1), code)
                .apply(TICK.historyLimits(successful, failed).job(job -> job.backoffLimit(0)))
                .advance(ofMinutes(65));
        assertThat(due(world).stream().map(String::valueOf).toList())
                .isEqualTo(kept.isEmpty() ? List.of() : List.of(kept.split(" ")));
        assertThat(told(world)).contains("SuccessfulDelete");
    }

    @Test
    void letsJobsOverlap() {
        Simulation world = world(ofMinutes(25), 0).apply(TICK).advance(ofMinutes(31));
        assertThat(status(world).active()).hasSize(3);
    }

    @Test
    void forbidsASecondOneAndCatchesUpLater() {
        Simulation world = world(ofMinutes(25), 0)
                .apply(TICK.concurrencyPolicy(ConcurrencyPolicy.FORBID))
                .advance(ofMinutes(34));
        assertThat(due(world)).containsExactly(10L);
        assertThat(told(world)).contains("JobAlreadyActive");
        world.advance(ofMinutes(2));
        assertThat(due(world)).as("only the latest one missed").containsExactly(10L, 30L);
    }

    @Test
    void doesNotCatchUpBeyondTheDeadline() {
        Simulation world = world(ofMinutes(25), 0)
                .apply(TICK.concurrencyPolicy(ConcurrencyPolicy.FORBID).startingDeadline(ofMinutes(3)))
                .advance(ofMinutes(39));
        assertThat(due(world)).containsExactly(10L);
        assertThat(told(world)).contains("MissSchedule");
        world.advance(ofMinutes(2));
        assertThat(due(world)).containsExactly(10L, 40L);
    }

    @Test
    void replacesWhatRuns() {
        Simulation world = world(ofMinutes(25), 0)
                .apply(TICK.concurrencyPolicy(ConcurrencyPolicy.REPLACE))
                .advance(ofMinutes(31));
        assertThat(due(world)).containsExactly(30L);
        assertThat(status(world).active()).hasSize(1);
        assertThat(world.running()).hasSize(1);
        assertThat(world.events())
                .filteredOn(event -> event.reason().equals("SuccessfulDelete"))
                .extracting(Event::message)
                .containsExactly(
                        "job tick-" + (START + 10) + " is deleted: it still runs, and the next one is due",
                        "job tick-" + (START + 20) + " is deleted: it still runs, and the next one is due");
    }

    @Test
    void startsNothingWhileSuspendedAndThenTheLatestMissed() {
        Simulation world = world(ofSeconds(1), 0).apply(TICK.suspend(true)).advance(ofMinutes(45));
        assertThat(due(world)).isEmpty();
        world.apply(TICK).advance(ofMinutes(1));
        assertThat(due(world)).containsExactly(40L);
    }

    @ParameterizedTest
    @CsvSource({"100, false", "101, true"})
    void moreThanAHundredMissedTimesAreMany(int minutes, boolean warned) {
        CronJob often = TICK.schedule("* * * * *");
        Simulation world = world(ofSeconds(1), 0).apply(often.suspend(true)).advance(ofMinutes(minutes));
        world.apply(often).advance(ofSeconds(10));
        assertThat(due(world)).containsExactly((long) minutes);
        assertThat(told(world).contains("TooManyMissedTimes")).isEqualTo(warned);
    }

    @Test
    void theLastSuccessIsThatOfTheJobThatEndedLast() {
        Simulation world = world(ofSeconds(1), 0).apply(TICK).advance(ofMinutes(31));
        assertThat(world.list(Job.KIND)).hasSizeGreaterThan(1);
        Instant last = Instant.parse("2026-01-01T00:30:00Z");
        assertThat(status(world).lastSuccessfulTime())
                .hasValueSatisfying(time -> assertThat(time).isBetween(last, last.plusSeconds(30)));
    }

    @Test
    void saysWhenThereIsNoDate() {
        Simulation world =
                world(ofSeconds(1), 0).apply(TICK.schedule("0 0 31 2 *")).settle();
        assertThat(told(world)).containsExactly("InvalidSchedule");
        assertThat(world.names(Job.KIND)).isEmpty();
    }

    @Test
    void aJobOfItsNameIsNotStartedAgain() {
        Simulation world = world(ofSeconds(1), 0)
                .apply(Job.named("tick-" + (START + 10)).container(c -> c.command("other")))
                .apply(TICK)
                .advance(ofMinutes(11));
        assertThat(due(world)).containsExactly(10L);
        assertThat(told(world)).containsExactly("FailedCreate");
        assertThat(status(world).lastScheduleTime()).contains(Instant.parse("2026-01-01T00:10:00Z"));
        world.advance(ofMinutes(10));
        assertThat(due(world)).containsExactly(10L, 20L);
    }

    @Test
    void tellsOfAnActiveJobThatIsGone() {
        Simulation world = world(ofMinutes(5), 0).apply(TICK).advance(ofMinutes(11));
        world.delete(Job.KIND, "tick-" + (START + 10)).advance(ofMinutes(1));
        assertThat(told(world)).contains("MissingJob");
        assertThat(status(world).active()).isEmpty();
        assertThat(due(world)).as("it isn't started again").isEmpty();
    }

    @Test
    void startsLaterByTheSameEachTime() {
        Simulation world =
                world(ofSeconds(1), 0).apply(TICK.jitter(ofMinutes(5))).advance(Duration.ZERO);
        Duration delay = CronJobController.delay(
                world.get(CronJob.KIND, "tick").metadata().uid(), ofMinutes(5));
        assertThat(delay).isPositive().isLessThan(ofMinutes(5));
        Instant begin = world.get(CronJob.KIND, "tick").metadata().created();
        world.advance(ofHours(1));
        assertThat(world.list(Job.KIND))
                .hasSize(3)
                .allSatisfy(
                        job -> assertThat(Duration.between(begin, job.metadata().created()))
                                .isBetween(
                                        ofMinutes(minute(job)).plus(delay),
                                        ofMinutes(minute(job)).plus(delay).plus(ofMillis(100))));
    }

    /** Of a name that says the minute only there would be one in each. */
    @ParameterizedTest(name = "{0}: {1} in two minutes")
    @CsvSource({"@every 10s, 12", "@every 59s, 2", "@every 1m, 2", "* * * * *, 2"})
    void eachTimeWithinAMinuteHasAJobOfItsOwn(String schedule, int started) {
        CronJob tick = TICK.schedule(schedule).historyLimits(100, 1);
        Simulation world = world(ofSeconds(1), 0).apply(tick).advance(ofSeconds(121));
        assertThat(world.names(Job.KIND)).hasSize(started).allMatch(name -> name.length() <= "tick-".length() + 10);
    }

    /** Figures that must be the same in every JVM and version. */
    @ParameterizedTest(name = "{0} within {1} ms: {2} ms")
    @CsvSource({"uid-1, 0, 0", "uid-1, 1, 0", "uid-1, 1000, 443", "uid-2, 1000, 62", "uid-1, 300000, 245443"})
    void theDelayFollowsFromTheUid(String uid, long most, long delay) {
        assertThat(CronJobController.delay(uid, ofMillis(most))).isEqualTo(ofMillis(delay));
    }

    /** It is there since 00:00, the control plane since 00:35, and now it is 00:36. */
    @ParameterizedTest(name = "catching up {0}: {1}")
    @CsvSource({"true, 30", "false, ''"})
    void whatPassedWhileNoControlPlaneRanIsMadeUpForUnlessUnwanted(boolean catchUp, String due) {
        Simulation before = world(ofSeconds(1), 0).apply(TICK.catchUp(catchUp)).advance(Duration.ZERO);
        Resource<CronJobSpec, CronJobStatus> cron = before.get(CronJob.KIND, "tick");
        Instant created = cron.metadata().created();
        Plan<CronJobStatus> plan = CronJobController.reconcile(
                Context.of(before.snapshot(), cron, created.plus(ofMinutes(36))), created.plus(ofMinutes(35)));
        assertThat(plan.listed())
                .extracting(job -> job.name().substring("tick-".length()))
                .containsExactlyElementsOf(
                        due.isEmpty() ? List.of() : List.of(Long.toString(START + Long.parseLong(due))));
        assertThat(plan.wake(created)).contains(created.plus(ofMinutes(40)).plus(ofMillis(100)));
    }

    private static long minute(Resource<JobSpec, JobStatus> job) {
        return Long.parseLong(job.name().substring("tick-".length())) - START;
    }
}
