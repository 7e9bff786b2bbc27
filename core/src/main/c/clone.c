#include "launch.h"

#include <linux/sched.h>

/*
 * The child becomes a sibling: a direct child of the JVM, so that no monitor process is needed and nobody else can reap
 * it. The kernel wants exit_signal 0 beside CLONE_PARENT; the sibling inherits SIGCHLD from this process.
 */
void clone_child(struct launch *launch)
{
	int pidfd = -1;
	const struct plan_header *header = launch->plan.header;
	struct clone_args args = { .flags = CLONE_PARENT | CLONE_PIDFD | header->namespaces,
				   .pidfd = (uint64_t)(uintptr_t)&pidfd };

	if (header->flags & PLAN_CGROUP2) {
		args.flags |= CLONE_INTO_CGROUP;
		args.cgroup = (uint64_t)launch->fds[launch->fd_count - 1];
	}
	launch->child = sys2(__NR_clone3, &args, sizeof(args));
	must(launch, STEP_CLONE, launch->child);
	if (launch->child == 0)
		return;
	must(launch, STEP_CLONE, say(launch, MESSAGE_PID, (uint32_t)launch->child, pidfd));
}
