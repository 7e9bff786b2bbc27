#include "launch.h"

#include <asm/stat.h>

static void prepare(struct launch *launch, enum step step, uint32_t index, int tree, uint32_t flags,
		    const char *path)
{
	/* The flags of a bind are meant for all that is mounted below, or a read-only one would not be. */
	long answer = set_attributes(launch, tree, flags, !(flags & MOUNT_FLAG_ALONE));

	if (answer < 0)
		fail(launch, step, answer, index, path);
}

static int detach(struct launch *launch, uint32_t descriptor, uint32_t flags, uint32_t index, const char *path)
{
	int *fd = &launch->fds[descriptor];
	long tree = clone_tree(launch, *fd, !(flags & MOUNT_FLAG_ALONE));

	/* Without privilege over the host: the container opens it again, in its own copy of the tree. */
	if (unavailable(tree) && !launch->detached)
		return 0;
	if (tree < 0)
		fail(launch, STEP_MOUNTS_DETACH, tree, index, path);
	prepare(launch, STEP_MOUNTS_DETACH, index, (int)tree, flags, path);
	sys1(__NR_close, *fd);
	*fd = (int)tree;
	launch->detached = 1;
	return 1;
}

/*
 * A root JVM may bind what the mapped root inside could not even find. A descriptor of the host's tree can't be bound
 * inside, in another mount namespace, but a copy detached from that tree can be attached there.
 */
void detach_sources(struct launch *launch)
{
	const struct plan *plan = &launch->plan;

	if (plan->header->root_descriptor == PLAN_NONE && !plan_count(plan, SECTION_MOUNTS))
		return;
	/* What the older route puts together aside would be seen by the host. */
	choose_route(launch);
	if (launch->older)
		return;
	if (plan->header->root_descriptor != PLAN_NONE &&
	    !detach(launch, plan->header->root_descriptor, 0, 0, plan->texts[TEXT_ROOT]))
		return;
	for (uint32_t i = 0; i < plan_count(plan, SECTION_MOUNTS); i++) {
		const struct plan_mount *mount = &plan->mounts[i];

		if (mount->kind == MOUNT_BIND &&
		    !detach(launch, mount->descriptor, mount->flags, i, mount->source.text))
			return;
	}
}

/* What the JVM has looked at is what gets bound: the same file is found again, or none. */
static long open_again(const struct launch *launch, uint32_t descriptor, const char *path)
{
	struct stat meant, found;
	long fd = sys4(__NR_openat, AT_CWD, path, O_PATH | O_CLOEXEC, 0);
	long answer = fd < 0 ? fd : sys2(__NR_fstat, fd, &found);

	if (answer >= 0)
		answer = sys2(__NR_fstat, launch->fds[descriptor], &meant);
	if (answer < 0)
		return answer;
	return meant.st_dev == found.st_dev && meant.st_ino == found.st_ino ? fd : -ESTALE;
}

static int source(struct launch *launch, enum step step, uint32_t index, uint32_t descriptor, uint32_t flags,
		  const char *path)
{
	if (launch->detached)
		return launch->fds[descriptor];
	long again = open_again(launch, descriptor, path);

	if (again < 0)
		fail(launch, step, again, index, path);
	long tree = clone_tree(launch, (int)again, !(flags & MOUNT_FLAG_ALONE));

	if (tree < 0)
		fail(launch, step, tree, index, path);
	prepare(launch, step, index, (int)tree, flags, path);
	sys1(__NR_close, again);
	return (int)tree;
}

int root_source(struct launch *launch)
{
	return source(launch, STEP_ROOT_ATTACH, 0, launch->plan.header->root_descriptor, 0,
		      launch->plan.texts[TEXT_ROOT]);
}

int bind_source(struct launch *launch, uint32_t index)
{
	const struct plan_mount *mount = &launch->plan.mounts[index];

	return source(launch, STEP_MOUNT, index, mount->descriptor, mount->flags, mount->source.text);
}

/* Overlayfs looks for its directories by names: it gets those of descriptors, in place of the JVM's. */
void find_layer(struct launch *launch, uint32_t index)
{
	const struct plan_mount *mount = &launch->plan.mounts[index];
	long fd = open_again(launch, mount->descriptor, mount->source.text);

	if (fd < 0)
		fail(launch, STEP_MOUNT, fd, index, mount->source.text);
	sys1(__NR_close, launch->fds[mount->descriptor]);
	launch->fds[mount->descriptor] = (int)fd;
}

/* A device of the host, which is what it should be: a file of that name may have been put in its place. */
int host_device(struct launch *launch, enum step step, uint32_t index, const char *path, uint32_t major,
		uint32_t minor)
{
	struct stat found;
	/* Of a mount that is a slave, as all in here are: so is the copy. */
	long tree = clone_named(launch, path);
	long answer = tree < 0 ? tree : sys2(__NR_fstat, tree, &found);

	if (answer < 0)
		fail(launch, step, answer, index, path);
	if ((found.st_mode & S_IFMT) != S_IFCHR || found.st_rdev != (major << 8 | minor))
		fail(launch, step, -ENODEV, index, path);
	return (int)tree;
}
