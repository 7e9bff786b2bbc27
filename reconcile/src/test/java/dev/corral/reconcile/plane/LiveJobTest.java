package dev.corral.reconcile.plane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corral.reconcile.workload.CronJob;
import dev.corral.reconcile.workload.Job;
import dev.corral.reconcile.workload.JobStatus;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Jobs on the real kernel. */
class LiveJobTest {
    private static final Duration LONG = Duration.ofMinutes(2);

    @Test
    void eachItemOfAnIndexedJobKnowsWhichItIs() throws InterruptedException {
        try (ControlPlane plane = ControlPlane.local().start()) {
            Job items = Job.named("items")
                    .indexed()
                    .completions(12)
                    .parallelism(4)
                    .container(c -> c.command("sh", "-c", "echo item $JOB_COMPLETION_INDEX on $(uname -n)"));
            plane.apply(items);
            JobStatus status =
                    plane.await(items, Job.FINISHED, LONG).orElseThrow().status();
            assertThat(status.complete()).isTrue();
            assertThat(status.completedIndexes()).isEqualTo("0-11");
            assertThat(status.succeeded()).isEqualTo(12);
            assertThat(plane.logs("items-7-0", "main")).contains("item 7 on items-7\n");
        }
    }

    @Test
    void aJobWithoutRetriesIsGivenUpAtOnce() throws InterruptedException {
        try (ControlPlane plane = ControlPlane.local().start()) {
            Job job = Job.named("wrong")
                    .backoffLimit(0)
                    .completions(2)
                    .parallelism(2)
                    .container(c -> c.command("sh", "-c", "exit 3"));
            plane.apply(job);
            JobStatus status =
                    plane.await(job, Job.FINISHED, LONG).orElseThrow().status();
            assertThat(status.hasFailed()).isTrue();
            assertThat(status.active()).isZero();
        }
    }

    @Test
    void aCronJobStartsItsJobs() throws InterruptedException {
        try (ControlPlane plane = ControlPlane.local().start()) {
            CronJob tick =
                    CronJob.named("tick").schedule("@every 1s").job(job -> job.container(c -> c.command("true")));
            plane.apply(tick);
            assertThat(plane.await(
                            tick, cron -> cron.status().lastSuccessfulTime().isPresent(), LONG))
                    .isPresent();
        }
    }
}
