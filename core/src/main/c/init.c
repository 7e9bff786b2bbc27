#include "launch.h"

#include <asm/poll.h>
#include <asm/signal.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/resource.h>
#include <linux/seccomp.h>
#include <linux/signalfd.h>
#include <linux/wait.h>

/* Where init keeps the three descriptors it needs; everything above is closed. */
enum { LIFELINE, STATUS, SIGNALS };

struct end {
	int payload; /* 0 once it has ended */
	int stay;    /* until everybody has ended */
	const struct note *note; /* NULL for a lifeline; else there is a file in its place, which takes the record */
	int status;
	struct rusage usage;
};

int open_signals(void)
{
	uint64_t all = ~0ull;

	return (int)sys4(__NR_signalfd4, -1, &all, sizeof(all), SFD_CLOEXEC | SFD_NONBLOCK);
}

static void tell(const struct end *end)
{
	const struct rusage *usage = &end->usage;
	struct exit_record record = {
		.magic = EXIT_MAGIC,
		.status = end->status,
		.user = usage->ru_utime.tv_sec * 1000000 + usage->ru_utime.tv_usec,
		.system = usage->ru_stime.tv_sec * 1000000 + usage->ru_stime.tv_usec,
		.max_rss = usage->ru_maxrss,
		.step = end->note ? end->note->step : RECORD_EXECUTED,
		.error = end->note ? end->note->error : 0,
	};

	/* First: whoever sees the end looks there. Without a file it is a pipe's other end, which takes nothing. */
	if (end->note)
		sys3(__NR_write, LIFELINE, &record, sizeof(record));
	sys3(__NR_write, STATUS, &record, sizeof(record));
}

/* The kernel kills whatever is left in the namespace. The code is for outside tools; the JVM reads the record. */
static void leave(const struct end *end)
{
	int signal = end->status & 0x7f;

	sys_exit(signal ? 128 + signal : end->status >> 8 & 0xff);
}

static void reap(struct end *end)
{
	for (;;) {
		int status;
		struct rusage usage;
		long pid = sys4(__NR_wait4, -1, &status, WNOHANG, &usage);

		if (pid == -ECHILD && !end->payload)
			leave(end);
		if (pid <= 0)
			return;
		if (pid == end->payload) {
			end->payload = 0;
			end->status = status;
			end->usage = usage;
			tell(end);
			if (!end->stay)
				leave(end);
		}
	}
}

static void forward(int payload)
{
	struct signalfd_siginfo info;

	while (sys3(__NR_read, SIGNALS, &info, sizeof(info)) == (long)sizeof(info)) {
		if (info.ssi_signo == SIGCHLD)
			continue;
		/* Without a payload the rest is meant: all but init itself. */
		if (!payload)
			sys2(__NR_kill, -1, info.ssi_signo);
		/* The payload leads a group of its own, save in the instant before its setsid. */
		else if (sys2(__NR_kill, -payload, info.ssi_signo) == -ESRCH)
			sys2(__NR_kill, payload, info.ssi_signo);
	}
}

#if defined(__x86_64__)
#define ARCHITECTURE AUDIT_ARCH_X86_64
#else
#define ARCHITECTURE AUDIT_ARCH_AARCH64
#endif

#define PASS(number) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, number, 0, 1), BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)

/* What init lives on. The payload's own filter might refuse some of it, so init has this one. */
static void filter_init(void)
{
	static const struct sock_filter filter[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ARCHITECTURE, 1, 0),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		PASS(__NR_ppoll),
		PASS(__NR_read),
		PASS(__NR_write),
		PASS(__NR_wait4),
		PASS(__NR_kill),
		PASS(__NR_exit_group),
		PASS(__NR_restart_syscall),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
	};
	struct sock_fprog program = { sizeof(filter) / sizeof(filter[0]), (struct sock_filter *)filter };

	sys3(__NR_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program);
}

void run_init(int payload, int lifeline, int status, int signals, int stay, const struct note *note)
{
	/* -1 is no descriptor: nothing is ever seen there. */
	struct pollfd polled[2] = { { .fd = note ? -1 : LIFELINE, .events = POLLIN },
				    { .fd = SIGNALS, .events = POLLIN } };
	struct end end = { .payload = payload, .stay = stay, .note = note };

	/* This also closes the control socket, without which the JVM would never see its end. */
	sys3(__NR_dup3, lifeline, LIFELINE, 0);
	sys3(__NR_dup3, status, STATUS, 0);
	sys3(__NR_dup3, signals, SIGNALS, 0);
	if (sys3(__NR_close_range, SIGNALS + 1, ~0u, 0) < 0)
		for (int fd = SIGNALS + 1; fd < FDS_END; fd++)
			sys1(__NR_close, fd);
	/* A working directory of the host would keep its file system busy. */
	sys1(__NR_chdir, "/");
	harden_init();
	filter_init();

	for (;;) {
		sys5(__NR_ppoll, polled, 2, NULL, NULL, 0);
		/* Nobody ever writes to the lifeline: anything seen there is the end of the JVM, or close(). */
		if (polled[LIFELINE].revents)
			sys_exit(128 + SIGKILL);
		forward(end.payload);
		reap(&end);
	}
}
