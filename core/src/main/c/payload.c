#include "launch.h"

#include <asm/poll.h>
#include <asm/signal.h>
#include <linux/prctl.h>
#include <linux/time_types.h>

/* execvp's rules: a candidate that is not there, or not ours to run, gives way to the next; the kinder error is kept. */
__attribute__((noreturn)) static void execute(struct launch *launch)
{
	long worst = -ENOENT;
	uint32_t which = 0;

	/* No call can be made any more that a filter might refuse, and none is needed. */
	got_to(launch, RECORD_EXECUTED, 0);

	for (uint32_t i = 0; i < plan_count(&launch->plan, SECTION_PROGRAMS); i++) {
		long answer = sys3(__NR_execve, launch->plan.programs[i], launch->plan.arguments, launch->plan.variables);

		if (answer == -EACCES) {
			worst = answer;
			which = i;
		} else if (answer != -ENOENT && answer != -ENOTDIR) {
			fail(launch, STEP_EXEC, answer, i, launch->plan.programs[i]);
		}
	}
	fail(launch, STEP_EXEC, worst, which, launch->plan.programs[which]);
}

/* 0, or why not; not yet a failure, for one of the two who try may not enter. */
static long enter_directory(const struct launch *launch)
{
	return launch->plan.texts[TEXT_DIRECTORY] ? sys1(__NR_chdir, launch->plan.texts[TEXT_DIRECTORY]) : 0;
}

/*
 * A working directory outside of the root would be a way out (CVE-2024-21626); the kernel says so in its path. In the JVM's
 * own tree there is no outside, and a JVM whose directory was removed meanwhile may go on in it.
 */
static void verify_directory(const struct launch *launch)
{
	char path[PATH_MOST];

	if (!wants(launch, PLAN_NEW_ROOT) && !plan_count(&launch->plan, SECTION_JOINS))
		return;
	long answer = sys2(__NR_getcwd, path, sizeof(path));

	if (answer < 0 || path[0] != '/')
		fail(launch, STEP_CWD_VERIFY, answer < 0 ? answer : -ENOENT, 0, launch->plan.texts[TEXT_DIRECTORY]);
}

/* A JVM that is gone already sends no signal any more, but its end of the lifeline is closed. */
static void check_lifeline(const struct launch *launch)
{
	struct pollfd lifeline = { .fd = launch->fds[FD_LIFELINE], .events = POLLIN };
	struct __kernel_timespec now = { 0, 0 };

	if (sys5(__NR_ppoll, &lifeline, 1, &now, NULL, 0) != 0)
		sys_exit(127);
}

static void wait_for_start(struct launch *launch)
{
	if (!wants(launch, PLAN_WAIT_START))
		return;
	/*
	 * A JVM that isn't root shall be able to look at it, and to enter its namespaces. So could whoever is sent inside
	 * meanwhile, and must find nothing of the host. After a join others may be inside already.
	 */
	drop_sources(launch);
	if (!plan_count(&launch->plan, SECTION_JOINS))
		must(launch, STEP_READY, sys2(__NR_prctl, PR_SET_DUMPABLE, 1));
	must(launch, STEP_READY, say(launch, MESSAGE_READY, 0, -1));
	expect(launch, STEP_READY, MESSAGE_START);
	must(launch, STEP_READY, sys2(__NR_prctl, PR_SET_DUMPABLE, 0));
}

void run_payload(struct launch *launch)
{
	const struct plan_header *header = launch->plan.header;
	uint64_t none = 0;

	launch->stage = STAGE_PAYLOAD;

	/* A session of its own, and with it a process group for init to signal. */
	must(launch, STEP_SESSION, sys0(__NR_setsid));
	/* Behind the mounts: it belongs to the devpts inside. Ahead of the start, so that who creates can already attach. */
	open_terminal(launch);
	wait_for_start(launch);

	for (int i = 0; i < 3; i++)
		must(launch, STEP_STDIO, sys3(__NR_dup3, launch->fds[FD_STDIN + i], i, 0));

	if (launch->umask >= 0)
		sys1(__NR_umask, launch->umask);
	if (wants(launch, PLAN_UMASK))
		sys1(__NR_umask, header->umask);

	/* Before the change of ids and again behind it: the directory may be open to only one of the two. */
	long before = enter_directory(launch);

	collect_rules(launch);
	/* Without no_new_privs a filter takes CAP_SYS_ADMIN, and has to let through all that follows. */
	if (wants(launch, PLAN_NEW_PRIVILEGES)) {
		must(launch, STEP_EXECING, say(launch, MESSAGE_EXECING, 0, -1));
		restrict_landlock(launch);
		restrict_seccomp(launch);
	}
	drop_bounding(launch);
	change_ids(launch);
	if (before < 0) {
		before = enter_directory(launch);
		if (before < 0)
			fail(launch, STEP_CWD, before, 0, launch->plan.texts[TEXT_DIRECTORY]);
	}
	verify_directory(launch);
	set_capabilities(launch);

	/*
	 * With a pid namespace of its own init's lifeline does this better. Here the signal follows the thread that spawned
	 * us, an immortal one. Behind the change of ids, which clears it.
	 */
	if (!has_new(launch, CLONE_NEWPID) && !wants(launch, PLAN_OUTLIVE)) {
		must(launch, STEP_DEATHSIG, sys2(__NR_prctl, PR_SET_PDEATHSIG, SIGKILL));
		check_lifeline(launch);
	}
	if (!wants(launch, PLAN_NEW_PRIVILEGES)) {
		must(launch, STEP_NNP, sys5(__NR_prctl, PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
		restrict_landlock(launch);
	}

	close_on_exec(launch);
	place_descriptors(launch);
	/* A tight limit would have broken what is above. */
	lower_rlimits(launch);

	if (!wants(launch, PLAN_NEW_PRIVILEGES))
		must(launch, STEP_EXECING, say(launch, MESSAGE_EXECING, 0, -1));
	/*
	 * All actions are the default: the spawn has set them so, and nothing here has a handler. Only the mask is ours. Once
	 * the JVM knows of the start: a signal that came while the payload waited for it ends the program, not the set-up.
	 */
	must(launch, STEP_SIGNALS_RESET, sys4(__NR_rt_sigprocmask, SIG_SETMASK, &none, NULL, sizeof(none)));
	/* Last: only the listener's packet, execve, an error's packet and the exit have to pass it. */
	if (!wants(launch, PLAN_NEW_PRIVILEGES))
		restrict_seccomp(launch);
	execute(launch);
}
