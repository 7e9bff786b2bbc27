#include "launch.h"

#include <asm/stat.h>
#include <linux/mount.h>

static const char *const no_options[] = { NULL };

static int is_directory(const struct launch *launch, enum step step, uint32_t index, int fd, const char *path)
{
	struct stat stat;
	long answer = sys2(__NR_fstat, fd, &stat);

	if (answer < 0)
		fail(launch, step, answer, index, path);
	return (stat.st_mode & S_IFMT) == S_IFDIR;
}

/* The step that an entry counts as, so that an error names what was meant. */
static enum step step_of(uint32_t kind)
{
	switch (kind) {
	case MOUNT_DEV:
		return STEP_DEV;
	case MOUNT_PROC:
		return STEP_PROC;
	case MOUNT_MASK:
		return STEP_MASK;
	case MOUNT_READ_ONLY:
		return STEP_READONLY;
	default:
		return STEP_MOUNT;
	}
}

static void attach_at(struct launch *launch, uint32_t index, int tree, int place)
{
	const struct plan_mount *mount = &launch->plan.mounts[index];
	long answer = attach(launch, tree, place);

	if (answer < 0)
		fail(launch, step_of(mount->kind), answer, index, mount->target.text);
	sys1(__NR_close, tree);
	sys1(__NR_close, place);
}

/* The place of a file system of the kernel's: a link there would have it mounted elsewhere. */
static int plain_directory(struct launch *launch, uint32_t index)
{
	const struct plan_mount *mount = &launch->plan.mounts[index];
	enum step step = step_of(mount->kind);
	long place = make_at_top(launch, mount->target.text, 0755);

	if (place >= 0)
		return (int)place;
	place = find_place(launch, mount->target.text, O_NOFOLLOW);
	if (place == -ENOENT)
		place = make_missing(launch, mount->target.text, 1, 0755);
	if (place < 0)
		fail(launch, step, place, index, mount->target.text);
	if (!is_directory(launch, step, index, (int)place, mount->target.text))
		fail(launch, step, -ENOTDIR, index, mount->target.text);
	return (int)place;
}

static void mount_new(struct launch *launch, uint32_t index, const char *type, const char *const *options, uint32_t flags)
{
	const struct plan_mount *mount = &launch->plan.mounts[index];
	int place = plain_directory(launch, index);
	long tree = new_filesystem(launch, type, options, flags);

	if (tree < 0)
		fail(launch, step_of(mount->kind), tree, index, mount->target.text);
	attach_at(launch, index, (int)tree, place);
}

static void mount_bind(struct launch *launch, uint32_t index)
{
	const struct plan_mount *mount = &launch->plan.mounts[index];
	int tree = bind_source(launch, index);
	int directory = is_directory(launch, STEP_MOUNT, index, tree, mount->source.text);
	long place = make_place(launch, mount->target.text, directory, directory ? 0755 : 0644);

	if (place < 0)
		fail(launch, STEP_MOUNT, place, index, mount->target.text);
	attach_at(launch, index, tree, (int)place);
}

static void octal(char *to, uint32_t mode)
{
	for (int shift = 9; shift >= 0; shift -= 3)
		*to++ = (char)('0' + (mode >> shift & 7));
	*to = 0;
}

static void mount_tmpfs(struct launch *launch, uint32_t index)
{
	const struct plan_mount *mount = &launch->plan.mounts[index];
	char mode[8];
	const char *options[] = { "mode", mode, mount->data.text ? "size" : NULL, mount->data.text, NULL };

	octal(mode, mount->mode);
	mount_new(launch, index, "tmpfs", options, mount->flags);
}

static void make_directory(struct launch *launch, uint32_t index)
{
	const struct plan_mount *mount = &launch->plan.mounts[index];
	long place = make_place(launch, mount->target.text, 1, mount->mode);

	if (place < 0)
		fail(launch, STEP_MOUNT, place, index, mount->target.text);
	if (!is_directory(launch, STEP_MOUNT, index, (int)place, mount->target.text))
		fail(launch, STEP_MOUNT, -ENOTDIR, index, mount->target.text);
	sys1(__NR_close, place);
}

static void make_symlink(struct launch *launch, uint32_t index)
{
	const struct plan_mount *mount = &launch->plan.mounts[index];
	const char *name = top_name(launch, mount->target.text);
	long answer = name ? sys3(__NR_symlinkat, mount->source.text, launch->root, name) : -EEXIST;

	if (answer >= 0)
		return;
	long parent = make_parent(launch, mount->target.text, &name);

	answer = parent < 0 ? parent : sys3(__NR_symlinkat, mount->source.text, parent, name ? name : ".");
	if (answer < 0)
		fail(launch, STEP_MOUNT, answer, index, mount->target.text);
	sys1(__NR_close, parent);
}

/*
 * The first one is looked at, the others are copies of it. By the time of the second the first one is attached: older kernels
 * copy only what is.
 */
static long null_device(struct launch *launch, uint32_t index)
{
	if (launch->null >= 0)
		return clone_tree(launch, launch->null, 0);
	int tree = host_device(launch, STEP_MASK, index, "/dev/null", 1, 3);

	launch->null = (int)sys3(__NR_fcntl, tree, F_DUPFD_CLOEXEC, 0);
	return tree;
}

/* What is not there needs no hiding. */
static void mask(struct launch *launch, uint32_t index)
{
	const struct plan_mount *mount = &launch->plan.mounts[index];
	static const char *const options[] = { "size", "4096", "mode", "0755", NULL };
	long place = find_place(launch, mount->target.text, 0);
	long tree;

	if (place == -ENOENT)
		return;
	if (place < 0)
		fail(launch, STEP_MASK, place, index, mount->target.text);
	if (is_directory(launch, STEP_MASK, index, (int)place, mount->target.text))
		tree = new_filesystem(launch, "tmpfs", options, MOUNT_FLAG_READ_ONLY | MOUNT_FLAG_NOSUID | MOUNT_FLAG_NODEV);
	else
		tree = null_device(launch, index);
	if (tree < 0)
		fail(launch, STEP_MASK, tree, index, mount->target.text);
	attach_at(launch, index, (int)tree, (int)place);
}

static void make_read_only(struct launch *launch, uint32_t index)
{
	const struct plan_mount *mount = &launch->plan.mounts[index];
	long place = find_place(launch, mount->target.text, 0);

	if (place == -ENOENT)
		return;
	long tree = place < 0 ? place : clone_tree(launch, (int)place, 1);
	long answer = tree < 0 ? tree : set_attributes(launch, (int)tree, MOUNT_FLAG_READ_ONLY, 1);

	if (answer < 0)
		fail(launch, STEP_READONLY, answer, index, mount->target.text);
	attach_at(launch, index, (int)tree, (int)place);
}

static void perform(struct launch *launch, uint32_t index)
{
	const struct plan_mount *mount = &launch->plan.mounts[index];
	uint32_t quiet = MOUNT_FLAG_NOSUID | MOUNT_FLAG_NODEV | MOUNT_FLAG_NOEXEC;

	switch ((enum mount_kind)mount->kind) {
	case MOUNT_BIND:
		return mount_bind(launch, index);
	case MOUNT_TMPFS:
		return mount_tmpfs(launch, index);
	case MOUNT_PROC:
		return mount_new(launch, index, "proc", no_options, quiet);
	case MOUNT_SYSFS:
		return mount_new(launch, index, "sysfs", no_options, quiet | mount->flags);
	case MOUNT_MQUEUE:
		return mount_new(launch, index, "mqueue", no_options, quiet);
	case MOUNT_CGROUP2:
		return mount_new(launch, index, "cgroup2", no_options, quiet | mount->flags);
	case MOUNT_DEVPTS: {
		long tree = new_devpts(launch);

		if (tree < 0)
			fail(launch, STEP_MOUNT, tree, index, mount->target.text);
		return attach_at(launch, index, (int)tree, plain_directory(launch, index));
	}
	case MOUNT_DEV:
		return make_dev(launch, mount, index);
	case MOUNT_OVERLAY:
		return make_overlay(launch, mount, index);
	case MOUNT_DIRECTORY:
		return make_directory(launch, index);
	case MOUNT_SYMLINK:
		return make_symlink(launch, index);
	case MOUNT_FILE:
		return make_file(launch, mount, index);
	case MOUNT_MASK:
		return mask(launch, index);
	case MOUNT_READ_ONLY:
		return make_read_only(launch, index);
	case MOUNT_LAYER:
		return find_layer(launch, index);
	case MOUNT_KINDS:
		return;
	}
}

/*
 * The new root is attached over "/" before it is filled: paths from "/" still mean the old tree, where the sources are, and
 * older kernels mount into nothing that is attached nowhere.
 */
static void attach_root(struct launch *launch)
{
	static const char *const options[] = { "mode", "0755", NULL };
	struct stat stat;
	long top = sys4(__NR_openat, AT_CWD, "/", O_PATH | O_DIRECTORY | O_CLOEXEC, 0);
	long root = top;

	must(launch, STEP_ROOT_ATTACH, top);
	if (!wants(launch, PLAN_NEW_ROOT)) {
		launch->root = (int)top;
		return;
	}
	if (launch->plan.header->root_descriptor != PLAN_NONE) {
		root = root_source(launch);
	} else {
		root = new_filesystem(launch, "tmpfs", options, MOUNT_FLAG_NOSUID | MOUNT_FLAG_NODEV);
		must(launch, STEP_ROOT_ATTACH, root);
		must(launch, STEP_ROOT_ATTACH, sys2(__NR_fstat, root, &stat));
		launch->own = stat.st_dev;
	}
	launch->root = (int)root;
	must(launch, STEP_ROOT_ATTACH, attach(launch, (int)root, (int)top));
	sys1(__NR_close, top);
}

/* The old root goes away as a whole. It is a slave: unmounting it does not reach the host. */
static void pivot(struct launch *launch)
{
	must(launch, STEP_PIVOT, sys1(__NR_fchdir, launch->root));
	must(launch, STEP_PIVOT, sys2(__NR_pivot_root, ".", "."));
	must(launch, STEP_PIVOT, sys2(__NR_umount2, ".", MNT_DETACH));
}

void set_up_root(struct launch *launch)
{
	/* Before any mount: it would spread to the host. Slave, so that the host's later unmounts still reach us. */
	must(launch, STEP_MOUNTS_PROPAGATION, sys5(__NR_mount, NULL, "/", NULL, MS_REC | MS_SLAVE, NULL));
	if (!wants(launch, PLAN_NEW_ROOT) && !plan_count(&launch->plan, SECTION_MOUNTS))
		return;

	/* What stage0 has open is of the host's mounts: nothing of them can be mounted on from here. */
	if (launch->proc >= 0) {
		sys1(__NR_close, launch->proc);
		launch->proc = -1;
		host_proc(launch, STEP_MOUNT);
	}
	/* The modes that the plan gives are meant. */
	launch->umask = sys1(__NR_umask, 0);
	/* Again: what a user may do to the host's mounts is not what he may do to his own. */
	choose_route(launch);
	attach_root(launch);
	for (uint32_t i = 0; i < plan_count(&launch->plan, SECTION_MOUNTS); i++)
		perform(launch, i);
	must(launch, STEP_MOUNT, leave_proc(launch));
	if (!wants(launch, PLAN_NEW_ROOT))
		return;
	pivot(launch);
	if (wants(launch, PLAN_ROOT_READ_ONLY))
		must(launch, STEP_ROOT_READONLY, set_attributes(launch, launch->root, MOUNT_FLAG_READ_ONLY, 0));
	must(launch, STEP_PIVOT, sys1(__NR_chdir, "/"));
}
