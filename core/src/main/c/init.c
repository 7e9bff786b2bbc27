#include "launch.h"

#include <asm/errno.h>
#include <asm/poll.h>
#include <asm/signal.h>
#include <linux/resource.h>
#include <linux/signalfd.h>
#include <linux/wait.h>

/* Where init keeps the three descriptors it needs; everything above is closed. */
enum { LIFELINE, STATUS, SIGNALS };

int open_signals(void)
{
	uint64_t all = ~0ull;

	return (int)sys4(__NR_signalfd4, -1, &all, sizeof(all), SFD_CLOEXEC | SFD_NONBLOCK);
}

static void end_with(int status, const struct rusage *usage)
{
	struct exit_record record = {
		.magic = EXIT_MAGIC,
		.status = status,
		.user = usage->ru_utime.tv_sec * 1000000 + usage->ru_utime.tv_usec,
		.system = usage->ru_stime.tv_sec * 1000000 + usage->ru_stime.tv_usec,
		.max_rss = usage->ru_maxrss,
	};
	int signal = status & 0x7f;

	sys3(__NR_write, STATUS, &record, sizeof(record));
	/* The kernel kills whatever is left in the namespace. The code is for outside tools; the JVM reads the record. */
	sys_exit(signal ? 128 + signal : status >> 8 & 0xff);
}

static void reap(int payload)
{
	for (;;) {
		int status;
		struct rusage usage;
		long pid = sys4(__NR_wait4, -1, &status, WNOHANG, &usage);

		if (pid <= 0)
			return;
		if (pid == payload)
			end_with(status, &usage);
	}
}

static void forward(int payload)
{
	struct signalfd_siginfo info;

	while (sys3(__NR_read, SIGNALS, &info, sizeof(info)) == (long)sizeof(info)) {
		if (info.ssi_signo == SIGCHLD)
			continue;
		/* The payload leads a group of its own, save in the instant before its setsid. */
		if (sys2(__NR_kill, -payload, info.ssi_signo) == -ESRCH)
			sys2(__NR_kill, payload, info.ssi_signo);
	}
}

void run_init(const struct launch *launch, int payload, int signals)
{
	struct pollfd polled[2] = { { .fd = LIFELINE, .events = POLLIN }, { .fd = SIGNALS, .events = POLLIN } };

	/* This also closes the control socket, without which the JVM would never see its end. */
	sys3(__NR_dup3, launch->fds[FD_LIFELINE], LIFELINE, 0);
	sys3(__NR_dup3, launch->fds[FD_STATUS], STATUS, 0);
	sys3(__NR_dup3, signals, SIGNALS, 0);
	sys3(__NR_close_range, SIGNALS + 1, ~0u, 0);
	/* A working directory of the host would keep its file system busy. */
	sys1(__NR_chdir, "/");

	for (;;) {
		sys3(__NR_poll, polled, 2, -1);
		/* Nobody ever writes to the lifeline: anything seen there is the end of the JVM, or close(). */
		if (polled[LIFELINE].revents)
			sys_exit(128 + SIGKILL);
		forward(payload);
		reap(payload);
	}
}
