#include "launch.h"

#include <linux/resource.h>

/* In the host's /proc, about this process, before a user namespace takes the right away; the child inherits it. */
void score_oom(struct launch *launch)
{
	char text[24];

	if (!wants(launch, PLAN_OOM_SCORE))
		return;
	char *end = put_number(text, launch->plan.header->oom_score);
	long fd = sys4(__NR_openat, host_proc(launch, STEP_OOM_SCORE), "self/oom_score_adj", O_WRONLY | O_CLOEXEC, 0);

	must(launch, STEP_OOM_SCORE, fd);
	must(launch, STEP_OOM_SCORE, sys3(__NR_write, fd, text, end - text));
	sys1(__NR_close, fd);
}

static long rlimit(uint32_t resource, const struct rlimit64 *set, struct rlimit64 *get)
{
	return sys4(__NR_prlimit64, 0, resource, set, get);
}

/* Above the hard limit only here, where the privilege of the JVM counts; not below the present ones, for the steps to come. */
void raise_rlimits(const struct launch *launch)
{
	for (uint32_t i = 0; i < plan_count(&launch->plan, SECTION_RLIMITS); i++) {
		const struct plan_rlimit *wanted = &launch->plan.rlimits[i];
		struct rlimit64 now;
		long answer = rlimit(wanted->resource, NULL, &now);

		if (answer == 0 && (wanted->hard > now.rlim_max || wanted->soft > now.rlim_cur)) {
			if (wanted->hard > now.rlim_max)
				now.rlim_max = wanted->hard;
			if (wanted->soft > now.rlim_cur)
				now.rlim_cur = wanted->soft;
			answer = rlimit(wanted->resource, &now, NULL);
		}
		if (answer < 0)
			fail(launch, STEP_RLIMITS_RAISE, answer, i, NULL);
	}
}

/* Once the descriptors are placed: a tight limit of files or processes would break the set-up itself. */
void lower_rlimits(const struct launch *launch)
{
	for (uint32_t i = 0; i < plan_count(&launch->plan, SECTION_RLIMITS); i++) {
		const struct plan_rlimit *wanted = &launch->plan.rlimits[i];
		struct rlimit64 limit = { .rlim_cur = wanted->soft, .rlim_max = wanted->hard };
		long answer = rlimit(wanted->resource, &limit, NULL);

		if (answer < 0)
			fail(launch, STEP_RLIMITS_LOWER, answer, i, NULL);
	}
}

/* Raising any of these takes privilege over the host. */
void schedule(const struct launch *launch)
{
	const struct plan_header *header = launch->plan.header;

	if (wants(launch, PLAN_NICE)) {
		long answer = sys3(__NR_setpriority, 0 /* PRIO_PROCESS */, 0, header->nice);

		if (answer < 0)
			fail(launch, STEP_SCHED, answer, 0, "nice");
	}
	if (wants(launch, PLAN_POLICY)) {
		int32_t parameter = (int32_t)header->priority;
		long answer = sys3(__NR_sched_setscheduler, 0, header->policy, &parameter);

		if (answer < 0)
			fail(launch, STEP_SCHED, answer, 1, "policy");
	}
	if (wants(launch, PLAN_IO_PRIORITY)) {
		long answer = sys3(__NR_ioprio_set, 1 /* IOPRIO_WHO_PROCESS */, 0, header->io_priority);

		if (answer < 0)
			fail(launch, STEP_SCHED, answer, 2, "I/O priority");
	}
}

/* Behind the groups: entering a cpuset sets the affinity anew. */
void bind_to_cpus(const struct launch *launch)
{
	uint32_t words = plan_count(&launch->plan, SECTION_CPUS);

	if (words)
		must(launch, STEP_AFFINITY, sys3(__NR_sched_setaffinity, 0, words * 8, launch->plan.cpus));
}
