#include "launch.h"

#include <asm/errno.h>
#include <asm/signal.h>
#include <linux/close_range.h>
#include <linux/prctl.h>
#include <linux/sched.h>

/* execvp's rules: a candidate that is not there, or not ours to run, gives way to the next; the kinder error is kept. */
__attribute__((noreturn)) static void execute(struct launch *launch)
{
	long worst = -ENOENT;
	uint32_t which = 0;

	for (uint32_t i = 0; i < launch->plan.header->program_count; i++) {
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

void run_payload(struct launch *launch)
{
	const struct plan_header *header = launch->plan.header;
	uint64_t none = 0;

	launch->stage = STAGE_PAYLOAD;

	/* A session of its own, and with it a process group for init to signal. */
	must(launch, STEP_SESSION, sys0(__NR_setsid));

	for (int i = 0; i < 3; i++)
		must(launch, STEP_STDIO, sys3(__NR_dup3, launch->fds[FD_STDIN + i], i, 0));

	if (launch->plan.directory) {
		long answer = sys1(__NR_chdir, launch->plan.directory);

		if (answer < 0)
			fail(launch, STEP_CWD, answer, 0, launch->plan.directory);
	}

	/*
	 * With a pid namespace init's lifeline does this better. Here the signal follows the thread that spawned us, an
	 * immortal one; a parent that is gone already sends none, hence the look afterwards.
	 */
	if (!(header->namespaces & CLONE_NEWPID)) {
		must(launch, STEP_DEATHSIG, sys2(__NR_prctl, PR_SET_PDEATHSIG, SIGKILL));
		if (sys0(__NR_getppid) != (long)header->parent)
			sys_exit(127);
	}

	/* Nothing but the three streams survives exec; the control socket's end tells the JVM that exec succeeded. */
	must(launch, STEP_FDS_CLOSE, sys3(__NR_close_range, 3, ~0u, CLOSE_RANGE_CLOEXEC));

	/* All actions are the default: the spawn has set them so, and nothing here has a handler. Only the mask is ours. */
	must(launch, STEP_SIGNALS_RESET, sys4(__NR_rt_sigprocmask, SIG_SETMASK, &none, NULL, sizeof(none)));
	must(launch, STEP_EXECING, say(launch, MESSAGE_EXECING, 0, -1));
	execute(launch);
}
