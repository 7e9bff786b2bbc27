#include "launch.h"

#include <linux/mount.h>

#ifndef MOUNT_ATTR_RDONLY
#error "the kernel's headers are older than Linux 5.12: install newer ones"
#endif

#define PROC_SUPER_MAGIC 0x9fa0
#define AT_EMPTY_PATH 0x1000
#define AT_RECURSIVE 0x8000

static const struct {
	uint32_t flag;
	uint64_t attribute;
} attributes[] = {
	{ MOUNT_FLAG_READ_ONLY, MOUNT_ATTR_RDONLY },
	{ MOUNT_FLAG_NOSUID, MOUNT_ATTR_NOSUID },
	{ MOUNT_FLAG_NODEV, MOUNT_ATTR_NODEV },
	{ MOUNT_FLAG_NOEXEC, MOUNT_ATTR_NOEXEC },
};

static uint64_t attributes_of(uint32_t flags)
{
	uint64_t set = 0;

	for (size_t i = 0; i < sizeof(attributes) / sizeof(attributes[0]); i++)
		if (flags & attributes[i].flag)
			set |= attributes[i].attribute;
	return set;
}

/* A copy of what is mounted there, attached nowhere yet. */
long clone_tree(int source, const char *path, int recursive)
{
	return sys3(__NR_open_tree, source, path,
		    OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_EMPTY_PATH | (recursive ? AT_RECURSIVE : 0));
}

/*
 * Only ever sets: what is set already may be locked. Slave as well: a copy of a shared mount is shared, and what is mounted
 * on it in here would show up on the host.
 */
long set_attributes(int tree, uint32_t flags, int recursive)
{
	struct mount_attr set = { .attr_set = attributes_of(flags), .propagation = 1 << 19 /* MS_SLAVE */ };

	return sys5(__NR_mount_setattr, tree, "", AT_EMPTY_PATH | (recursive ? AT_RECURSIVE : 0), &set, sizeof(set));
}

/* A new file system, attached nowhere yet. The options are pairs of name and value, a flag has an empty value. */
long new_filesystem(const char *type, const char *const *options, uint32_t flags)
{
	long context = sys2(__NR_fsopen, type, FSOPEN_CLOEXEC);
	long answer = 0;

	if (context < 0)
		return context;
	for (; answer >= 0 && *options; options += 2)
		answer = options[1][0] ? sys5(__NR_fsconfig, context, FSCONFIG_SET_STRING, options[0], options[1], 0)
				       : sys5(__NR_fsconfig, context, FSCONFIG_SET_FLAG, options[0], NULL, 0);
	if (answer >= 0)
		answer = sys5(__NR_fsconfig, context, FSCONFIG_CMD_CREATE, NULL, NULL, 0);
	if (answer >= 0)
		answer = sys3(__NR_fsmount, context, FSMOUNT_CLOEXEC, attributes_of(flags));
	sys1(__NR_close, context);
	return answer;
}

long attach(const struct launch *launch, int tree, int target)
{
	(void)launch;
	return sys5(__NR_move_mount, tree, "", target, "", MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH);
}

/* Opened once, before anything covers it. The /proc of a root file system is never trusted. */
int host_proc(struct launch *launch)
{
	uint64_t status[32];

	if (launch->proc >= 0)
		return launch->proc;
	long fd = sys4(__NR_openat, AT_CWD, "/proc", O_PATH | O_DIRECTORY | O_CLOEXEC, 0);
	long answer = fd < 0 ? fd : sys2(__NR_fstatfs, fd, status);

	if (answer < 0 || status[0] != PROC_SUPER_MAGIC)
		fail(launch, STEP_MOUNT, answer < 0 ? answer : -EOPNOTSUPP, 0, "/proc, which is no procfs");
	launch->proc = (int)fd;
	return launch->proc;
}
