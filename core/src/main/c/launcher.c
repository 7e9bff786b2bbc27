/*
 * corral-launcher: performs one launch plan. One linear recipe of named steps; each step's place has a reason, given
 * beside it. The names are the error codes.
 *
 * The JVM spawns it with the socket at 3, an empty environment, default signal actions, and in a session of its own: what
 * is typed at the JVM's terminal (^C, ^Z) would kill a launch half-way, and init would hand it on to the payload.
 */
#include "launch.h"

#include <asm/errno.h>
#include <asm/signal.h>
#include <asm-generic/fcntl.h>
#include <linux/mount.h>
#include <linux/prctl.h>
#include <linux/sched.h>

__asm__(".globl _start\n"
	"_start:\n"
	"	xor %ebp, %ebp\n"
	"	mov %rsp, %rdi\n"
	"	and $-16, %rsp\n"
	"	call corral_main\n");

static void join_groups(const struct launch *launch)
{
	uint32_t end = launch->fd_count - ((launch->plan.header->flags & PLAN_CGROUP2) ? 1 : 0);

	/* "0" is the writer. The child inherits the groups, so nothing of the payload ever runs outside of them. */
	for (uint32_t i = FD_FIXED; i < end; i++) {
		long answer = sys3(__NR_write, launch->fds[i], "0", 1);

		if (answer < 0)
			fail(launch, STEP_CGROUP_JOIN, answer, i - FD_FIXED, NULL);
	}
}

static void wait_at_gate(struct launch *launch)
{
	char byte;
	long answer;

	/* Only stage0 may hold the write end: its death must read as the end of file here. */
	sys1(__NR_close, launch->gate[1]);
	do
		answer = sys3(__NR_read, launch->gate[0], &byte, 1);
	while (answer == -EINTR);
	if (answer < 0)
		fail(launch, STEP_GATE_WAIT, answer, 0, NULL);
	if (answer == 0)
		sys_exit(127); /* stage0 failed, and has said why */
	sys1(__NR_close, launch->gate[0]);
}

static void become_root(struct launch *launch)
{
	/*
	 * Unmapped until now: without this the ids of the JVM would show as the overflow id and own nothing here. Groups
	 * before the user, with whom the right to change them may go.
	 */
	if (launch->plan.group_map) {
		if (!(launch->plan.header->flags & PLAN_SETGROUPS_DENY))
			must(launch, STEP_IDS_ROOT, sys2(__NR_setgroups, 0, NULL));
		must(launch, STEP_IDS_ROOT, sys3(__NR_setresgid, 0, 0, 0));
	}
	if (launch->plan.user_map)
		must(launch, STEP_IDS_ROOT, sys3(__NR_setresuid, 0, 0, 0));
}

/* Everything inside the new namespaces that comes before the payload's own steps. */
static void set_up_inside(struct launch *launch)
{
	const struct plan_header *header = launch->plan.header;

	launch->stage = STAGE_INIT;
	wait_at_gate(launch);
	become_root(launch);

	/*
	 * Init holds descriptors of the JVM; the payload, root in the same user namespace, must not reach them through
	 * /proc/1. After the maps, which the kernel refuses for a process that is not dumpable. exec undoes it.
	 */
	if (header->namespaces & CLONE_NEWPID)
		must(launch, STEP_DUMPABLE_OFF, sys2(__NR_prctl, PR_SET_DUMPABLE, 0));

	if (header->flags & PLAN_LOOPBACK)
		loopback_up(launch);
	if (launch->plan.host_name)
		must(launch, STEP_HOST_NAME,
		     sys2(__NR_sethostname, launch->plan.host_name, text_length(launch->plan.host_name)));

	/* Before any mount: it would spread to the host. Slave, so that the host's later unmounts still reach us. */
	if (header->namespaces & CLONE_NEWNS)
		must(launch, STEP_MOUNTS_PROPAGATION, sys5(__NR_mount, NULL, "/", NULL, MS_REC | MS_SLAVE, NULL));
	if (header->flags & PLAN_PROC) {
		long answer =
			sys5(__NR_mount, "proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL);

		if (answer < 0)
			fail(launch, STEP_PROC, answer, 0, "/proc");
	}
}

__attribute__((noreturn)) static void run_child(struct launch *launch)
{
	set_up_inside(launch);
	if (!(launch->plan.header->namespaces & CLONE_NEWPID))
		run_payload(launch);

	/* All signals are blocked since before the clone: a payload that ends at once cannot be missed. */
	int signals = open_signals();

	must(launch, STEP_INIT_FORK, signals);
	sys2(__NR_prctl, PR_SET_NAME, "corral-init");
	long payload = sys5(__NR_clone, SIGCHLD, 0, 0, 0, 0);

	must(launch, STEP_INIT_FORK, payload);
	if (payload == 0)
		run_payload(launch);
	run_init(launch, (int)payload, signals);
}

__attribute__((noreturn)) static void run_stage0(void)
{
	struct launch launch;
	uint64_t all = ~0ull;

	memset(&launch, 0, sizeof(launch));
	/*
	 * Stray copies of other launches' pipes came along from the JVM; each one held open keeps somebody else waiting.
	 * First, because nothing has been received yet that would have to be spared.
	 */
	must(&launch, STEP_FDS_SWEEP, sys3(__NR_close_range, SOCKET + 1, ~0u, 0));
	/*
	 * 0 to 2 are taken from here on, even if the JVM runs without standard streams: what is received or opened later
	 * must not lie where payload and init put their own three, and would be overwritten.
	 */
	for (int i = 0; i < SOCKET; i++)
		must(&launch, STEP_FDS_SWEEP, sys3(__NR_dup3, SOCKET, i, O_CLOEXEC));
	hello(&launch);

	/* Before the clone: init must not lose the SIGCHLD of a payload that ends at once. */
	must(&launch, STEP_SIGNALS_BLOCK, sys4(__NR_rt_sigprocmask, SIG_BLOCK, &all, NULL, sizeof(all)));

	/* Before the user namespace, inside which the right to join is lost; and before a cgroup namespace takes its root. */
	join_groups(&launch);

	must(&launch, STEP_CLONE, sys2(__NR_pipe2, launch.gate, O_CLOEXEC));
	clone_child(&launch);
	if (launch.child == 0)
		run_child(&launch);

	write_id_maps(&launch);
	must(&launch, STEP_GATE, sys3(__NR_write, launch.gate[1], "", 1));
	sys_exit(0);
}

/* Started by hand it says what it is. */
__attribute__((noreturn)) static void introduce(void)
{
	char text[] = "corral-launcher, protocol 0\n";

	text[sizeof(text) - 3] = (char)('0' + CORRAL_PROTOCOL);
	sys3(__NR_write, 1, text, sizeof(text) - 1);
	sys_exit(0);
}

__attribute__((noreturn, used)) void corral_main(const long *stack)
{
	if (stack[0] > 1 || sys2(__NR_fcntl, SOCKET, 1 /* F_GETFD */) < 0)
		introduce();
	run_stage0();
}
