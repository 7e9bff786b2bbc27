/*
 * corral-launcher: performs one launch plan. One linear recipe of named steps; each step's place has a reason, given
 * beside it. The names are the error codes.
 *
 * The JVM spawns it with the socket at 3, an empty environment, default signal actions, and in a session of its own: what
 * is typed at the JVM's terminal (^C, ^Z) would kill a launch half-way, and init would hand it on to the payload.
 */
#include "launch.h"

#include <asm/signal.h>
#include <linux/keyctl.h>
#include <linux/mman.h>
#include <linux/prctl.h>

#if defined(__x86_64__)
__asm__(".globl _start\n"
	"_start:\n"
	"	xor %ebp, %ebp\n"
	"	mov %rsp, %rdi\n"
	"	and $-16, %rsp\n"
	"	call corral_main\n");
#else
__asm__(".globl _start\n"
	"_start:\n"
	"	mov x29, #0\n"
	"	mov x0, sp\n"
	"	bl corral_main\n");
#endif

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

static void name_host(const struct launch *launch)
{
	const char *host = launch->plan.texts[TEXT_HOST_NAME];
	const char *domain = launch->plan.texts[TEXT_DOMAIN_NAME];

	if (host)
		must(launch, STEP_HOST_NAME, sys2(__NR_sethostname, host, text_length(host)));
	if (domain)
		must(launch, STEP_HOST_NAME, sys2(__NR_setdomainname, domain, text_length(domain)));
}

/* Everything inside the new namespaces that comes before the payload's own steps. */
static void set_up_inside(struct launch *launch)
{
	launch->stage = STAGE_INIT;
	/* First, for it takes longest; it needs no ids, so it need not wait for the gate. */
	begin_network(launch);
	wait_at_gate(launch);
	bind_to_cpus(launch);
	become_root(launch);
	/* Still dumpable, or the files of this process in /proc would not be its own. */
	offset_time(launch);

	/*
	 * Init holds descriptors of the JVM; the payload, root in the same user namespace, must not reach them through
	 * /proc/1. After the maps, which the kernel refuses for a process that is not dumpable. exec undoes it.
	 */
	if (has_new(launch, CLONE_NEWPID))
		must(launch, STEP_DUMPABLE_OFF, sys2(__NR_prctl, PR_SET_DUMPABLE, 0));

	name_host(launch);
	if (has_new(launch, CLONE_NEWNS))
		set_up_root(launch);
	/* As late as can be, but before anybody is forked off or anything of the payload's begins. */
	join_network(launch);
	/* Keys of the user who runs the JVM are reached through the session's keyring. */
	if (wants(launch, PLAN_KEYRING))
		must(launch, STEP_KEYRING, sys2(__NR_keyctl, KEYCTL_JOIN_SESSION_KEYRING, NULL));
}

/* A page that both have, so that a payload which is killed, or may make no call any more, has told as well. */
static struct note *make_note(const struct launch *launch)
{
	long at = sys6(__NR_mmap, 0, sizeof(struct note), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (at < 0 && at > -4096)
		fail(launch, STEP_INIT_FORK, at, 0, NULL);
	*(struct note *)at = (struct note){ STEP_SESSION, 0 };
	return (struct note *)at;
}

static void begin_payload(void *launch)
{
	run_payload(launch);
}

static void run_child(void *with)
{
	/* Of its own: stage0, whose memory it is, may have an error to report. */
	struct launch own = *(const struct launch *)with, *launch = &own;

	set_up_inside(launch);
	if (!has_new(launch, CLONE_NEWPID))
		run_payload(launch);

	/* All signals are blocked since before the clone: a payload that ends at once cannot be missed. */
	int signals = open_signals();

	must(launch, STEP_INIT_FORK, signals);
	sys2(__NR_prctl, PR_SET_NAME, "corral-init");
	/* From the fork on what the launch knows is the payload's to change. */
	int lifeline = launch->fds[FD_LIFELINE], status = launch->fds[FD_STATUS];
	int stay = wants(launch, PLAN_WAIT_ALL);
	struct note *note = wants(launch, PLAN_OUTLIVE) ? make_note(launch) : NULL;

	launch->note = note;
	long payload = fork_payload(launch, begin_payload);

	must(launch, STEP_INIT_FORK, payload);
	run_init((int)payload, lifeline, status, signals, stay, note);
}

static void wait_for_network(const struct launch *launch)
{
	if (!wants(launch, PLAN_WAIT_NETWORK))
		return;
	must(launch, STEP_NETWORK, say(launch, MESSAGE_WAIT, WAIT_NETWORK, -1));
	expect(launch, STEP_NETWORK, MESSAGE_DONE);
}

/* Not on ours, which may be limited. Pages that nobody touches cost nothing. */
static void make_stacks(struct launch *launch)
{
	long at = sys6(__NR_mmap, 0, STACKS, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (at < 0 && at > -4096)
		fail(launch, STEP_CLONE, at, 0, NULL);
	launch->stacks = (char *)at;
}

__attribute__((noreturn)) static void run_stage0(void)
{
	int fds[FD_MOST];
	struct launch launch = { .socket = SOCKET, .fds = fds, .proc = -1, .scratch = -1, .here = -1, .umask = -1,
				 .ruleset = -1, .null = -1 };
	uint64_t all = ~0ull;

	sweep_descriptors(&launch);
	hello(&launch);

	/* Before the clone: init must not lose the SIGCHLD of a payload that ends at once. */
	must(&launch, STEP_SIGNALS_BLOCK, sys4(__NR_rt_sigprocmask, SIG_BLOCK, &all, NULL, sizeof(all)));

	/* All of these before the user namespace, inside which privilege over the host is lost. */
	score_oom(&launch);
	raise_rlimits(&launch);
	/* While /proc is still the host's. */
	if (wants(&launch, PLAN_TERMINAL))
		host_proc(&launch, STEP_TTY);
	/* And before a cgroup namespace takes its root. */
	join_groups(&launch);
	schedule(&launch);
	detach_sources(&launch);
	join_namespaces(&launch);

	must(&launch, STEP_CLONE, sys2(__NR_pipe2, launch.gate, O_CLOEXEC));
	make_stacks(&launch);
	clone_child(&launch, run_child);

	write_id_maps(&launch);
	wait_for_network(&launch);
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
