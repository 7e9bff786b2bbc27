/*
 * What all mounts are made of: a tree that is put together aside and then attached. With the calls of Linux 5.2 and 5.12 it
 * hangs nowhere until then. The older route, where one of them is missing or kept from us, gives the same functions by
 * mount(2): there a tree is mounted on a place of the scratch tmpfs first, and moved from there.
 */
#include "launch.h"

#include <asm/stat.h>
#include <linux/mount.h>

#ifndef MOUNT_ATTR_RDONLY
#error "the kernel's headers are older than Linux 5.12: install newer ones"
#endif

#define PROC_SUPER_MAGIC 0x9fa0
#define AT_EMPTY_PATH 0x1000
#define AT_RECURSIVE 0x8000
#define AT_SYMLINK_NOFOLLOW 0x100
#define OPTIONS_MOST 256
#define SCRATCH "self/task"

/* The flags of an entry; the attributes of mount_setattr have the numbers of the flags of mount(2), and of statfs(2). */
static const struct {
	uint32_t flag, attribute;
} attributes[] = {
	{ MOUNT_FLAG_READ_ONLY, MS_RDONLY },
	{ MOUNT_FLAG_NOSUID, MS_NOSUID },
	{ MOUNT_FLAG_NODEV, MS_NODEV },
	{ MOUNT_FLAG_NOEXEC, MS_NOEXEC },
};

_Static_assert(MOUNT_ATTR_RDONLY == MS_RDONLY && MOUNT_ATTR_NOSUID == MS_NOSUID && MOUNT_ATTR_NODEV == MS_NODEV &&
		       MOUNT_ATTR_NOEXEC == MS_NOEXEC,
	       "old and new flags differ");

uint32_t attributes_of(uint32_t flags)
{
	uint32_t set = 0;

	for (size_t i = 0; i < sizeof(attributes) / sizeof(attributes[0]); i++)
		if (flags & attributes[i].flag)
			set |= attributes[i].attribute;
	return set;
}

/*
 * Tried, never guessed from a version; with arguments that no kernel takes. All or none: a detached tree can be attached by
 * move_mount only, and gets its attributes from mount_setattr only.
 */
void choose_route(struct launch *launch)
{
	launch->older = unavailable(sys3(__NR_open_tree, -1, NULL, OPEN_TREE_CLONE)) ||
			unavailable(sys5(__NR_move_mount, -1, NULL, -1, NULL, 0)) ||
			unavailable(sys2(__NR_fsopen, NULL, 0)) ||
			unavailable(sys5(__NR_fsconfig, -1, 0, NULL, NULL, 0)) ||
			unavailable(sys3(__NR_fsmount, -1, 0, 0)) ||
			unavailable(sys5(__NR_mount_setattr, -1, NULL, 0, NULL, 0));
}

/* Opened once, before anything covers it. The /proc of a root file system is never trusted. */
int host_proc(struct launch *launch, enum step step)
{
	uint64_t status[32];

	if (launch->proc >= 0)
		return launch->proc;
	long fd = sys4(__NR_openat, AT_CWD, "/proc", O_PATH | O_DIRECTORY | O_CLOEXEC, 0);
	long answer = fd < 0 ? fd : sys2(__NR_fstatfs, fd, status);

	if (answer < 0 || status[0] != PROC_SUPER_MAGIC)
		fail(launch, step, answer < 0 ? answer : -EOPNOTSUPP, 0, "/proc, which is no procfs");
	launch->proc = (int)fd;
	return launch->proc;
}

char *descriptor_name(char *to, int fd)
{
	return put_number(put_text(to, "self/fd/"), fd);
}

/* Names of descriptors begin in the kept procfs. It is the working directory from the first time on until leave_proc. */
static long stand_on_proc(struct launch *launch)
{
	if (launch->on_proc)
		return 0;
	/* With a new root the old directory is nobody's business any more, and may be closed to us. */
	long here = wants(launch, PLAN_NEW_ROOT) ? -1 : sys4(__NR_openat, AT_CWD, ".", O_PATH | O_CLOEXEC, 0);
	long answer = here < -1 ? here : sys1(__NR_fchdir, host_proc(launch, STEP_MOUNT));

	launch->here = (int)here;
	launch->on_proc = answer >= 0;
	return answer;
}

/* mount(2) on a place that is a descriptor: whatever its path has come to mean by now, this is what was found. */
long mount_on(struct launch *launch, const char *source, int target, const char *type, unsigned long flags,
	      const char *options)
{
	char name[32];
	long answer = stand_on_proc(launch);

	descriptor_name(name, target);
	return answer < 0 ? answer : sys5(__NR_mount, source, name, type, flags, options);
}

/* Back to the working directory, if there is a way; the scratch tmpfs is not for the payload's eyes. */
long leave_proc(struct launch *launch)
{
	long answer = 0;

	if (launch->scratch >= 0 && !wants(launch, PLAN_NEW_ROOT)) {
		answer = stand_on_proc(launch);
		if (answer >= 0)
			answer = sys2(__NR_umount2, SCRATCH, MNT_DETACH);
	}
	if (answer >= 0 && launch->here >= 0)
		answer = sys1(__NR_fchdir, launch->here);
	launch->on_proc = 0;
	return answer;
}

/*
 * A tmpfs for what is not to be seen as a whole. It lies over a directory that is in every procfs, about this process alone,
 * and that no entry of a plan means; with the old root it goes away.
 */
long scratch(struct launch *launch)
{
	static const char *const options[] = { "mode", "0755", NULL };
	int proc = host_proc(launch, STEP_MOUNT);
	long tree, at, answer;

	if (launch->scratch >= 0)
		return launch->scratch;
	at = sys4(__NR_openat, proc, SCRATCH, O_PATH | O_DIRECTORY | O_CLOEXEC, 0);
	if (at < 0)
		return at;
	if (launch->older) {
		answer = mount_on(launch, "tmpfs", (int)at, "tmpfs", MS_NOSUID | MS_NODEV, "mode=0755");
		tree = answer < 0 ? answer : sys4(__NR_openat, proc, SCRATCH, O_PATH | O_DIRECTORY | O_CLOEXEC, 0);
	} else {
		tree = new_filesystem(launch, "tmpfs", options, MOUNT_FLAG_NOSUID | MOUNT_FLAG_NODEV);
		answer = tree < 0 ? tree : attach(launch, (int)tree, (int)at);
	}
	sys1(__NR_close, at);
	if (answer < 0)
		return answer;
	launch->scratch = (int)tree;
	return tree;
}

/* The older route's detached tree: mounted on a place of its own in the scratch tmpfs; the root of that mount. */
static long mount_aside(struct launch *launch, int directory, const char *source, const char *type, unsigned long flags,
			const char *options)
{
	char name[24];
	long store = scratch(launch);
	long place;

	if (store < 0)
		return store;
	put_number(put_text(name, "tree"), launch->trees++);
	place = directory ? sys3(__NR_mkdirat, store, name, 0700)
			  : sys4(__NR_openat, store, name, O_RDONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (place >= 0 && directory)
		place = sys4(__NR_openat, store, name, O_PATH | O_NOFOLLOW | O_CLOEXEC, 0);
	if (place < 0)
		return place;
	long answer = mount_on(launch, source, (int)place, type, flags, options);

	sys1(__NR_close, place);
	return answer < 0 ? answer : sys4(__NR_openat, store, name, O_PATH | O_NOFOLLOW | O_CLOEXEC, 0);
}

static long bind_aside(struct launch *launch, int source, int recursive)
{
	char name[32];
	struct stat stat;
	long answer = sys2(__NR_fstat, source, &stat);

	descriptor_name(name, source);
	return answer < 0 ? answer
			  : mount_aside(launch, (stat.st_mode & S_IFMT) == S_IFDIR, name, NULL,
					MS_BIND | (recursive ? MS_REC : 0), NULL);
}

/* A copy of what is mounted there, attached nowhere yet. */
long clone_tree(struct launch *launch, int source, int recursive)
{
	if (launch->older)
		return bind_aside(launch, source, recursive);
	return sys3(__NR_open_tree, source, "",
		    OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_EMPTY_PATH | (recursive ? AT_RECURSIVE : 0));
}

/* The same of a path, of which a link is not followed. */
long clone_named(struct launch *launch, const char *path)
{
	if (!launch->older)
		return sys3(__NR_open_tree, AT_CWD, path, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_SYMLINK_NOFOLLOW);
	long fd = sys4(__NR_openat, AT_CWD, path, O_PATH | O_CLOEXEC | O_NOFOLLOW, 0);
	long tree = fd < 0 ? fd : bind_aside(launch, (int)fd, 0);

	if (fd >= 0)
		sys1(__NR_close, fd);
	return tree;
}

/* With the flags that are there already, for mount(2) takes those away that it is not told. */
long remount(struct launch *launch, int mount, uint32_t more)
{
	const uint32_t known = MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC;
	uint64_t status[32];
	long answer = sys2(__NR_fstatfs, mount, status);
	uint32_t present = (uint32_t)status[10] & known; /* f_flags */

	if (answer < 0 || (present | more) == present)
		return answer;
	return mount_on(launch, NULL, mount, NULL, MS_REMOUNT | MS_BIND | present | more, NULL);
}

/*
 * Only ever sets: what is set already may be locked. Slave as well: a copy of a shared mount is shared, and what is mounted
 * on it in here would show up on the host. (On the older route all copies are made of slaves.)
 */
long set_attributes(struct launch *launch, int tree, uint32_t flags, int recursive)
{
	struct mount_attr set = { .attr_set = attributes_of(flags), .propagation = MS_SLAVE };

	if (!launch->older)
		return sys5(__NR_mount_setattr, tree, "", AT_EMPTY_PATH | (recursive ? AT_RECURSIVE : 0), &set, sizeof(set));
	return recursive && set.attr_set ? remount_all(launch, tree, (uint32_t)set.attr_set)
					 : remount(launch, tree, (uint32_t)set.attr_set);
}

/* Name and value by turns; a flag has an empty value. */
static long new_filesystem_aside(struct launch *launch, const char *type, const char *const *options, uint32_t flags)
{
	char text[OPTIONS_MOST], *end = text;

	for (*end = 0; *options; options += 2) {
		if ((size_t)(end - text) + text_length(options[0]) + text_length(options[1]) + 3 > sizeof(text))
			return -ENAMETOOLONG;
		end = put_text(put_text(end, end == text ? "" : ","), options[0]);
		if (options[1][0])
			end = put_text(put_text(end, "="), options[1]);
	}
	return mount_aside(launch, 1, type, type, attributes_of(flags), text);
}

/* A new file system, attached nowhere yet. The options are pairs of name and value, a flag has an empty value. */
long new_filesystem(struct launch *launch, const char *type, const char *const *options, uint32_t flags)
{
	if (launch->older)
		return new_filesystem_aside(launch, type, options, flags);
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

/* By the name of something in a directory that nobody else can change, such as a tmpfs of our own; a link is not followed. */
long attach_in(struct launch *launch, int tree, int directory, const char *name)
{
	if (!launch->older)
		return sys5(__NR_move_mount, tree, "", directory, name, MOVE_MOUNT_F_EMPTY_PATH);
	long target = sys4(__NR_openat, directory, name, O_PATH | O_NOFOLLOW | O_CLOEXEC, 0);
	long answer = target < 0 ? target : attach(launch, tree, (int)target);

	if (target >= 0)
		sys1(__NR_close, target);
	return answer;
}

long attach(struct launch *launch, int tree, int target)
{
	char name[32];

	if (!launch->older)
		return sys5(__NR_move_mount, tree, "", target, "", MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH);
	descriptor_name(name, tree);
	return mount_on(launch, name, target, NULL, MS_MOVE, NULL);
}
