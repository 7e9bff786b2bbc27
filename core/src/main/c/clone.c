#include "launch.h"

#include <asm/signal.h>

/* The kernel's, with every field that is used here whatever the headers know. */
struct clone_arguments {
	uint64_t flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls, set_tid, set_tid_size, cgroup;
};

#ifndef CLONE_INTO_CGROUP
#define CLONE_INTO_CGROUP 0x200000000ull
#endif

/*
 * A user of the host, where others may be the same. Where fs.suid_dumpable is 1 their processes may look at whoever has just
 * become it, and write there, too: that must not be a memory of stage0 or init, who are still who they were.
 */
static int becomes_another(const struct launch *launch)
{
	return wants(launch, PLAN_IDS) && !has_new(launch, CLONE_NEWUSER);
}

/*
 * Whoever is cloned goes on in the same memory, on a stack of its own, which spares the kernel copying what is soon thrown
 * away. Not into a time namespace: who joins one has to be the only process of its memory.
 */
static uint64_t shared_memory(const struct launch *launch)
{
	int payload = !has_new(launch, CLONE_NEWPID);

	return has_new(launch, CLONE_NEWTIME) || (payload && becomes_another(launch)) ? 0 : CLONE_VM;
}

/* The old call, where clone3 is not to be had: it joins the v2 group before, and so does this process. */
static long clone_the_old_way(struct launch *launch, uint64_t flags, int *pidfd, void (*run)(void *))
{
	uint32_t group = launch->plan.header->group_descriptor;

	if (group != PLAN_NONE) {
		long procs = sys4(__NR_openat, launch->fds[group], "cgroup.procs", O_WRONLY | O_CLOEXEC, 0);
		long answer = procs < 0 ? procs : sys3(__NR_write, procs, "0", 1);

		if (answer < 0)
			fail(launch, STEP_CGROUP_JOIN, answer, plan_count(&launch->plan, SECTION_GROUP_FILES), NULL);
		sys1(__NR_close, procs);
	}
	return sys_child(__NR_clone, (long)flags, (long)(launch->stacks + STACKS), (long)pidfd, run, launch);
}

/*
 * The child becomes a sibling: a direct child of the JVM, so that no monitor process is needed and nobody else can reap
 * it. The kernel wants exit_signal 0 beside CLONE_PARENT; the sibling inherits SIGCHLD from this process.
 */
void clone_child(struct launch *launch, void (*run)(void *))
{
	int pidfd = -1;
	const struct plan_header *header = launch->plan.header;
	/* Into its time namespace nobody may be born before the offsets are set. */
	uint32_t later = CLONE_NEWTIME | kinds_that_come_later(launch);
	uint64_t flags = CLONE_PARENT | CLONE_PIDFD | shared_memory(launch) | (header->namespaces & ~later);
	struct clone_arguments arguments = { .flags = flags,
					     .pidfd = (uint64_t)(uintptr_t)&pidfd,
					     .stack = (uint64_t)(uintptr_t)launch->stacks,
					     .stack_size = STACKS };

	if (header->group_descriptor != PLAN_NONE) {
		arguments.flags |= CLONE_INTO_CGROUP;
		arguments.cgroup = (uint64_t)launch->fds[header->group_descriptor];
	}
	long child = sys_child(__NR_clone3, (long)&arguments, sizeof(arguments), 0, run, launch);

	/*
	 * Not there, or kept from us: a profile can't look into what clone3 is given, so it may refuse all of it. Whoever is
	 * refused the namespaces is told so by clone as well. With a group: a kernel that does not know it there yet, and what
	 * the group itself has against us, has the better name as the answer of its file.
	 */
	if (unavailable(child) || (child < 0 && header->group_descriptor != PLAN_NONE))
		child = clone_the_old_way(launch, flags, &pidfd, run);
	must(launch, STEP_CLONE, child);
	launch->child = child;
	must(launch, STEP_CLONE, say(launch, MESSAGE_PID, (uint32_t)child, pidfd));
}

/* Shares descriptors, too. Of the helper and the payload one begins when the other has ended. */
long fork_helper(struct launch *launch, void (*run)(void *))
{
	long flags = (long)shared_memory(launch) | CLONE_FILES | SIGCHLD;

	return sys_child(__NR_clone, flags, (long)(launch->stacks + STACK), 0, run, launch);
}

/*
 * Until exec, in init's memory. But whoever may look at one that rests could look at init as well; and with a filter in force
 * before the change of ids nothing more than that may be asked of the kernel. Those have a copy.
 */
int payload_shares_memory(const struct launch *launch)
{
	return has_new(launch, CLONE_NEWPID) && shared_memory(launch) && !becomes_another(launch) &&
	       !wants(launch, PLAN_WAIT_START) && !wants(launch, PLAN_NEW_PRIVILEGES);
}

/* Pid 2, as without a helper. Where that can't be had (before Linux 5.5, or where clone3 is kept from us), any. */
long fork_payload(struct launch *launch, void (*run)(void *))
{
	const int32_t pid = 2;
	uint64_t shared = payload_shares_memory(launch) ? CLONE_VM : 0;
	struct clone_arguments arguments = { .flags = shared,
					     .exit_signal = SIGCHLD,
					     .stack = (uint64_t)(uintptr_t)launch->stacks,
					     .stack_size = STACK,
					     .set_tid = (uint64_t)(uintptr_t)&pid,
					     .set_tid_size = 1 };
	long payload = launch->network_helper
			       ? sys_child(__NR_clone3, (long)&arguments, sizeof(arguments), 0, run, launch)
			       : -ENOSYS;

	return payload < 0
		       ? sys_child(__NR_clone, (long)shared | SIGCHLD, (long)(launch->stacks + STACK), 0, run, launch)
		       : payload;
}
