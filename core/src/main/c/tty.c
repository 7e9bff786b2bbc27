#include "launch.h"

#include <asm/ioctls.h>
#include <asm/stat.h>
#include <asm/termios.h>

#ifndef TIOCGPTPEER
#define TIOCGPTPEER 0x5441
#endif

#define DEVPTS_SUPER_MAGIC 0x1cd1

/*
 * A terminal of the payload's own, of the devpts it will see, as its three streams; the JVM gets the other end. The peer is
 * asked for by descriptor, for a name could lead anywhere.
 */
void open_terminal(struct launch *launch)
{
	const struct plan_header *header = launch->plan.header;
	struct stat stat;
	uint64_t status[32];
	char name[32];
	int unlock = 0;

	if (!wants(launch, PLAN_TERMINAL))
		return;
	/* Looked at before it is opened in earnest: what else a root file system has there may do something when opened. */
	long ptmx = sys4(__NR_openat, AT_CWD, "/dev/ptmx", O_PATH | O_CLOEXEC, 0);

	if (ptmx < 0)
		fail(launch, STEP_TTY, ptmx, 0, "/dev/ptmx");
	must(launch, STEP_TTY, sys2(__NR_fstat, ptmx, &stat));
	if ((stat.st_mode & S_IFMT) != S_IFCHR || stat.st_rdev != (5 << 8 | 2))
		fail(launch, STEP_TTY, -ENODEV, 0, "/dev/ptmx");
	descriptor_name(name, (int)ptmx);
	long master = sys4(__NR_openat, host_proc(launch, STEP_TTY), name, O_RDWR | O_NOCTTY | O_CLOEXEC, 0);

	if (master < 0)
		fail(launch, STEP_TTY, master, 0, "/dev/ptmx");
	sys1(__NR_close, ptmx);
	must(launch, STEP_TTY, sys3(__NR_ioctl, master, TIOCSPTLCK, &unlock));

	long peer = sys3(__NR_ioctl, master, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC);

	must(launch, STEP_TTY, peer);
	must(launch, STEP_TTY, sys2(__NR_fstatfs, peer, status));
	if (status[0] != DEVPTS_SUPER_MAGIC)
		fail(launch, STEP_TTY, -ENODEV, 0, "/dev/pts");
	/* Whoever the payload is going to be opens it again by its name. Not being allowed to costs nothing else. */
	if (wants(launch, PLAN_IDS))
		sys3(__NR_fchown, peer, header->user, -1);
	/* Now, because nobody wants to be told of a new size, by SIGWINCH, as soon as it runs. */
	struct winsize size = { .ws_col = (uint16_t)header->columns, .ws_row = (uint16_t)header->rows };

	must(launch, STEP_TTY, sys3(__NR_ioctl, peer, TIOCSWINSZ, &size));
	/* Of the session that this process has begun. */
	must(launch, STEP_TTY, sys3(__NR_ioctl, peer, TIOCSCTTY, 0));
	for (int i = 0; i < 3; i++)
		launch->fds[FD_STDIN + i] = (int)peer;
	must(launch, STEP_TTY, say(launch, MESSAGE_TERMINAL, 0, (int)master));
	sys1(__NR_close, master);
}
