#include "launch.h"

#include <asm/errno.h>
#include <asm-generic/fcntl.h>

/* Writes the digits and a NUL; answers how many digits. */
static size_t decimal(char *to, long number)
{
	char digits[20];
	size_t at = 0, n = 0;

	do
		digits[n++] = (char)('0' + number % 10);
	while (number /= 10);
	while (n)
		to[at++] = digits[--n];
	to[at] = 0;
	return at;
}

/* The /proc of another pid namespace would have us write the map of a stranger who bears the child's number there. */
static void check_proc(const struct launch *launch)
{
	char self[24], shown[24];
	size_t length = decimal(self, sys0(__NR_getpid));
	long got = sys3(__NR_readlink, "/proc/self", shown, sizeof(shown));

	if (got < 0)
		fail(launch, STEP_IDMAP, got, 0, "/proc/self");
	if (got != (long)length || memcmp(self, shown, length) != 0)
		fail(launch, STEP_IDMAP, -ESRCH, 0, "/proc, which belongs to another pid namespace");
}

static void write_file(const struct launch *launch, uint32_t index, const char *name, const char *content)
{
	char path[48] = "/proc/";
	size_t at = 6 + decimal(path + 6, launch->child);

	memcpy(path + at, name, text_length(name) + 1);

	long fd = sys3(__NR_open, path, O_WRONLY | O_CLOEXEC, 0);

	if (fd < 0)
		fail(launch, STEP_IDMAP, fd, index, path);
	size_t length = text_length(content);
	long wrote = sys3(__NR_write, fd, content, length);

	if (wrote != (long)length)
		fail(launch, STEP_IDMAP, wrote < 0 ? wrote : -EIO, index, path);
	sys1(__NR_close, fd);
}

/* From outside: inside, after the clone, the right to map the parent's ids is gone. */
void write_id_maps(const struct launch *launch)
{
	if (launch->plan.user_map || launch->plan.group_map)
		check_proc(launch);
	if (launch->plan.user_map)
		write_file(launch, 0, "/uid_map", launch->plan.user_map);
	/* The kernel takes the group map of an unprivileged writer only once setgroups is off. */
	if (launch->plan.header->flags & PLAN_SETGROUPS_DENY)
		write_file(launch, 1, "/setgroups", "deny");
	if (launch->plan.group_map)
		write_file(launch, 2, "/gid_map", launch->plan.group_map);
}
