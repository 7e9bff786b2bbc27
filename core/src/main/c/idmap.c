#include "launch.h"

#include <asm/errno.h>
#include <asm-generic/fcntl.h>

static void write_file(const struct launch *launch, uint32_t index, const char *name, const char *content)
{
	char path[48] = "/proc/";
	char digits[12];
	size_t at = 6, n = 0;

	for (long pid = launch->child; pid; pid /= 10)
		digits[n++] = (char)('0' + pid % 10);
	while (n)
		path[at++] = digits[--n];
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
	if (launch->plan.user_map)
		write_file(launch, 0, "/uid_map", launch->plan.user_map);
	/* The kernel takes the group map of an unprivileged writer only once setgroups is off. */
	if (launch->plan.header->flags & PLAN_SETGROUPS_DENY)
		write_file(launch, 1, "/setgroups", "deny");
	if (launch->plan.group_map)
		write_file(launch, 2, "/gid_map", launch->plan.group_map);
}
