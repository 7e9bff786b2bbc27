#include "launch.h"

#include <asm/signal.h>

/* The kernel's, with every field that is used here whatever the headers know. */
struct clone_arguments {
	uint64_t flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls, set_tid, set_tid_size, cgroup;
};

#ifndef CLONE_INTO_CGROUP
#define CLONE_INTO_CGROUP 0x200000000ull
#endif

/* The old call, where clone3 is not to be had: it joins the v2 group before, and so does this process. */
static long clone_the_old_way(const struct launch *launch, uint64_t flags, int *pidfd)
{
	uint32_t group = launch->plan.header->group_descriptor;

	if (group != PLAN_NONE) {
		long procs = sys4(__NR_openat, launch->fds[group], "cgroup.procs", O_WRONLY | O_CLOEXEC, 0);
		long answer = procs < 0 ? procs : sys3(__NR_write, procs, "0", 1);

		if (answer < 0)
			fail(launch, STEP_CGROUP_JOIN, answer, plan_count(&launch->plan, SECTION_GROUP_FILES), NULL);
		sys1(__NR_close, procs);
	}
	return sys5(__NR_clone, flags, 0, pidfd, 0, 0);
}

/*
 * The child becomes a sibling: a direct child of the JVM, so that no monitor process is needed and nobody else can reap
 * it. The kernel wants exit_signal 0 beside CLONE_PARENT; the sibling inherits SIGCHLD from this process.
 */
void clone_child(struct launch *launch)
{
	int pidfd = -1;
	const struct plan_header *header = launch->plan.header;
	/* Some come later: into its time namespace nobody may be born before the offsets are set; the network is a helper's work. */
	uint32_t later = CLONE_NEWTIME | (network_comes_later(launch) ? CLONE_NEWNET : 0);
	uint64_t flags = CLONE_PARENT | CLONE_PIDFD | (header->namespaces & ~later);
	struct clone_arguments arguments = { .flags = flags, .pidfd = (uint64_t)(uintptr_t)&pidfd };

	if (header->group_descriptor != PLAN_NONE) {
		arguments.flags |= CLONE_INTO_CGROUP;
		arguments.cgroup = (uint64_t)launch->fds[header->group_descriptor];
	}
	launch->child = sys2(__NR_clone3, &arguments, sizeof(arguments));
	/*
	 * Not there, or kept from us: a profile can't look into what clone3 is given, so it may refuse all of it. Whoever is
	 * refused the namespaces is told so by clone as well. With a group: a kernel that does not know it there yet, and what
	 * the group itself has against us, has the better name as the answer of its file.
	 */
	if (unavailable(launch->child) || (launch->child < 0 && header->group_descriptor != PLAN_NONE))
		launch->child = clone_the_old_way(launch, flags, &pidfd);
	must(launch, STEP_CLONE, launch->child);
	if (launch->child == 0)
		return;
	must(launch, STEP_CLONE, say(launch, MESSAGE_PID, (uint32_t)launch->child, pidfd));
}

/* Pid 2, as without a helper. Where that can't be had (before Linux 5.5, or where clone3 is kept from us), any. */
long fork_payload(const struct launch *launch)
{
	const int32_t pid = 2;
	struct clone_arguments arguments = { .exit_signal = SIGCHLD,
					     .set_tid = (uint64_t)(uintptr_t)&pid,
					     .set_tid_size = 1 };
	long payload = launch->network_helper ? sys2(__NR_clone3, &arguments, sizeof(arguments)) : -ENOSYS;

	return payload < 0 ? sys5(__NR_clone, SIGCHLD, 0, 0, 0, 0) : payload;
}
