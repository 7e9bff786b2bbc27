#include "launch.h"

static const struct {
	const char *path; /* on the host; the name inside begins at 5 */
	uint32_t major, minor;
} devices[] = {
	{ "/dev/null", 1, 3 },	  { "/dev/zero", 1, 5 },    { "/dev/full", 1, 7 },
	{ "/dev/random", 1, 8 },  { "/dev/urandom", 1, 9 }, { "/dev/tty", 5, 0 },
};

static const char *const links[][2] = {
	{ "/proc/self/fd", "fd" },	{ "/proc/self/fd/0", "stdin" }, { "/proc/self/fd/1", "stdout" },
	{ "/proc/self/fd/2", "stderr" }, { "pts/ptmx", "ptmx" },
};

/* Not gid=5: where that group is not mapped the mount would be refused. */
long new_devpts(struct launch *launch)
{
	static const char *const options[] = { "newinstance", "", "ptmxmode", "0666", "mode", "0620", NULL };

	return new_filesystem(launch, "devpts", options, MOUNT_FLAG_NOSUID | MOUNT_FLAG_NOEXEC);
}

static void must_at(struct launch *launch, long answer, uint32_t index, const char *what)
{
	if (answer < 0)
		fail(launch, STEP_DEV, answer, index, what);
}

/* A tmpfs of our own, so that nothing of a root file system's /dev is followed or believed. */
void make_dev(struct launch *launch, const struct plan_mount *mount, uint32_t index)
{
	static const char *const options[] = { "mode", "0755", NULL };
	long place = make_at_top(launch, mount->target.text, 0755);

	if (place == -EEXIST)
		place = find_place(launch, mount->target.text, O_NOFOLLOW | O_DIRECTORY);
	if (place == -ENOENT)
		place = make_missing(launch, mount->target.text, 1, 0755);
	must_at(launch, place, index, mount->target.text);

	long dev = new_filesystem(launch, "tmpfs", options, MOUNT_FLAG_NOSUID | MOUNT_FLAG_NOEXEC);

	must_at(launch, dev, index, mount->target.text);
	must_at(launch, attach(launch, (int)dev, (int)place), index, mount->target.text);
	sys1(__NR_close, place);
	/* Bound from the host: no device can be made in a user namespace. */
	for (size_t i = 0; i < sizeof(devices) / sizeof(devices[0]); i++) {
		const char *name = devices[i].path + 5;
		int tree = host_device(launch, STEP_DEV, index, devices[i].path, devices[i].major, devices[i].minor);

		must_at(launch, sys4(__NR_mknodat, dev, name, S_IFREG | 0644, 0), index, name);
		must_at(launch, attach_in(launch, tree, (int)dev, name), index, name);
		sys1(__NR_close, tree);
	}
	for (size_t i = 0; i < sizeof(links) / sizeof(links[0]); i++)
		must_at(launch, sys3(__NR_symlinkat, links[i][0], dev, links[i][1]), index, links[i][1]);
	must_at(launch, sys3(__NR_mkdirat, dev, "shm", 01777), index, "shm");
	must_at(launch, sys3(__NR_mkdirat, dev, "pts", 0755), index, "pts");

	long tree = new_devpts(launch);

	must_at(launch, tree, index, "pts");
	must_at(launch, attach_in(launch, (int)tree, (int)dev, "pts"), index, "pts");
	sys1(__NR_close, tree);
	sys1(__NR_close, dev);
}
