#include "launch.h"

#include <linux/close_range.h>

struct entry {
	uint64_t inode;
	int64_t offset;
	uint16_t length;
	uint8_t type;
	char name[];
};

/* Before Linux 5.9, or where a profile keeps close_range from us: what /proc lists. */
static long sweep_by_list(uint32_t first)
{
	char buffer[2048] __attribute__((aligned(8)));
	long list = sys4(__NR_openat, AT_CWD, "/proc/self/fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
	long got;

	if (list < 0)
		return list;
	while ((got = sys3(__NR_getdents64, list, buffer, sizeof(buffer))) > 0) {
		for (long at = 0; at < got;) {
			const struct entry *entry = (const struct entry *)(const void *)(buffer + at);
			long number = 0;

			for (const char *digit = entry->name; *digit >= '0' && *digit <= '9'; digit++)
				number = number * 10 + (*digit - '0');
			if (entry->name[0] != '.' && number >= (long)first && number != list)
				sys1(__NR_close, number);
			at += entry->length;
		}
	}
	sys1(__NR_close, list);
	return got;
}

/*
 * Stray copies of other launches' pipes came along from the JVM; each one held open keeps somebody else waiting. First of
 * all, because nothing has been received yet that would have to be spared.
 */
void sweep_descriptors(const struct launch *launch)
{
	long answer = sys3(__NR_close_range, SOCKET + 1, ~0u, 0);

	if (answer < 0)
		answer = sweep_by_list(SOCKET + 1);
	must(launch, STEP_FDS_SWEEP, answer);
	/*
	 * 0 to 2 are taken from here on, even if the JVM runs without standard streams: what is received or opened later
	 * must not lie where payload and init put their own three, and would be overwritten.
	 */
	for (int i = 0; i < SOCKET; i++)
		must(launch, STEP_FDS_SWEEP, sys3(__NR_dup3, SOCKET, i, O_CLOEXEC));
}

static int is_kept(const struct launch *launch, int fd)
{
	for (uint32_t i = 0; i < plan_count(&launch->plan, SECTION_PASS); i++)
		if (launch->fds[launch->plan.passes[i].descriptor] == fd)
			return 1;
	for (uint32_t i = FD_STDIN; i <= FD_LIFELINE; i++)
		if (launch->fds[i] == fd)
			return 1;
	return fd == launch->socket;
}

/* What the set-up alone has needed, descriptors of the host's files among it. By number: what is closed already has one too. */
void drop_sources(struct launch *launch)
{
	for (int fd = SOCKET + 1; fd < FDS_END; fd++)
		if (!is_kept(launch, fd))
			sys1(__NR_close, fd);
	launch->proc = launch->scratch = launch->root = -1;
}

/* Nothing but the streams survives exec; the control socket's end tells the JVM that exec succeeded. */
void close_on_exec(const struct launch *launch)
{
	long answer = sys3(__NR_close_range, 3, ~0u, CLOSE_RANGE_CLOEXEC);

	/* EINVAL: Linux 5.9 and 5.10 know the call but not the flag. */
	if (unavailable(answer) || answer == -EINVAL) {
		/* Since the sweep every number was given out by the kernel, the lowest first. */
		for (int fd = 3; fd < FDS_END; fd++)
			sys3(__NR_fcntl, fd, F_SETFD, FD_CLOEXEC);
		answer = 0;
	}
	must(launch, STEP_FDS_CLOSE, answer);
}

/* In two rounds: a number that is asked for may be one that a source, or the socket, has now. */
void place_descriptors(struct launch *launch)
{
	uint32_t count = plan_count(&launch->plan, SECTION_PASS);
	uint32_t above = 3;

	for (uint32_t i = 0; i < count; i++)
		if (launch->plan.passes[i].number >= above)
			above = launch->plan.passes[i].number + 1;
	if (!count)
		return;
	long socket = sys3(__NR_fcntl, launch->socket, F_DUPFD_CLOEXEC, above);

	must(launch, STEP_FDS_PLACE, socket);
	launch->socket = (int)socket;
	for (uint32_t i = 0; i < count; i++) {
		int *source = &launch->fds[launch->plan.passes[i].descriptor];
		long moved = sys3(__NR_fcntl, *source, F_DUPFD_CLOEXEC, above);

		if (moved < 0)
			fail(launch, STEP_FDS_PLACE, moved, i, NULL);
		*source = (int)moved;
	}
	for (uint32_t i = 0; i < count; i++) {
		const struct plan_pass *pass = &launch->plan.passes[i];
		long answer = sys3(__NR_dup3, launch->fds[pass->descriptor], pass->number, 0);

		if (answer < 0)
			fail(launch, STEP_FDS_PLACE, answer, i, NULL);
	}
}
