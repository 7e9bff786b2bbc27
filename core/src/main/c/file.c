#include "launch.h"

#include <asm/stat.h>
#include <linux/mount.h>

#define PATH_MOST 4096

/* Writes all of a memory file into a new file. */
static long fill(int directory, const char *name, int content, uint32_t mode)
{
	int64_t offset = 0;
	long file = sys4(__NR_openat, directory, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	long answer = file;

	while (answer > 0 || (answer == 0 && offset == 0 && file >= 0)) {
		answer = sys4(__NR_sendfile, file, content, &offset, 1 << 20);
		if (answer == 0)
			break;
	}
	if (answer >= 0)
		answer = sys2(__NR_fchmod, file, mode);
	if (file >= 0)
		sys1(__NR_close, file);
	return answer;
}

/* Where nothing is yet and the tmpfs is ours the file is simply made; elsewhere it is mounted, and no disk sees it. */
void make_file(struct launch *launch, const struct plan_mount *mount, uint32_t index)
{
	const char *path = mount->target.text;
	int content = launch->fds[mount->descriptor];
	struct stat stat;
	long place = find_place(launch, path, 0);
	long answer;

	if (place == -ENOENT && launch->own) {
		const char *name;
		long parent = make_parent(launch, path, &name);

		answer = parent < 0 ? parent : sys2(__NR_fstat, parent, &stat);
		if (answer >= 0 && name && stat.st_dev == launch->own) {
			answer = fill((int)parent, name, content, mount->mode);
			if (answer < 0)
				fail(launch, STEP_MOUNT, answer, index, path);
			sys1(__NR_close, parent);
			return;
		}
		if (parent >= 0)
			sys1(__NR_close, parent);
	}
	if (place == -ENOENT)
		place = make_place(launch, path, 0, 0644);
	if (place < 0)
		fail(launch, STEP_MOUNT, place, index, path);

	char name[24];
	int store = scratch(launch, STEP_MOUNT, index);

	put_number(put_text(name, "file"), index);
	answer = fill(store, name, content, mount->mode);
	if (answer >= 0)
		answer = clone_tree(store, name, 0);
	if (answer < 0)
		fail(launch, STEP_MOUNT, answer, index, path);

	long tree = answer;

	answer = set_attributes((int)tree, mount->flags, 0);
	if (answer >= 0)
		answer = attach(launch, (int)tree, (int)place);
	if (answer < 0)
		fail(launch, STEP_MOUNT, answer, index, path);
	sys1(__NR_close, tree);
	sys1(__NR_close, place);
}

/* Upper and work directory of an overlay whose changes are thrown away. Relative to the host's procfs. */
static long put_temporary(struct launch *launch, char *to, uint32_t index)
{
	int store = scratch(launch, STEP_MOUNT, index);
	char name[24], *end = to;
	static const char *const parts[] = { "upper", "work" };

	for (int i = 0; i < 2; i++) {
		put_number(put_text(name, parts[i]), index);
		long answer = sys3(__NR_mkdirat, store, name, 0755);

		if (answer < 0)
			return answer;
		end = put_text(put_text(put_text(end, ","), parts[i]), "dir=self/fd/");
		end = put_text(put_text(put_number(end, store), "/"), name);
	}
	return end - to;
}

/* Where an overlay goes. As the root itself it gets a directory in the tmpfs below, from where it can be found again. */
static long overlay_place(struct launch *launch, const char *path, int root)
{
	if (!root)
		return make_place(launch, path, 1, 0755);
	long answer = sys3(__NR_mkdirat, launch->root, "root", 0755);

	return answer < 0 ? answer
			  : sys4(__NR_openat, launch->root, "root", O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC, 0);
}

/*
 * By mount(2), whose options may be as long as a page: fsconfig took 256 bytes until Linux 6.5. The target goes by
 * descriptor all the same, through the kept procfs, which is the working directory for the time.
 */
void make_overlay(struct launch *launch, const struct plan_mount *mount, uint32_t index)
{
	const char *path = mount->target.text;
	char options[PATH_MOST], target[32];
	int root = launch->own && path[0] == '/' && !path[1];
	int proc = host_proc(launch);
	long here = sys4(__NR_openat, AT_CWD, ".", O_PATH | O_CLOEXEC, 0);
	long place = overlay_place(launch, path, root);
	size_t length = text_length(mount->source.text) + (mount->data.text ? text_length(mount->data.text) : 0);
	long answer = length + 160 > sizeof(options) ? -ENAMETOOLONG : place < 0 ? place : here < 0 ? here : 0;

	if (answer < 0)
		fail(launch, STEP_MOUNT, answer, index, path);
	char *end = put_text(put_text(options, "lowerdir="), mount->source.text);

	if (mount->data.text)
		end = put_text(put_text(end, ","), mount->data.text);
	if (mount->flags & MOUNT_FLAG_TEMPORARY)
		answer = put_temporary(launch, end, index);
	put_number(put_text(target, "self/fd/"), place);

	unsigned long flags = (mount->flags & MOUNT_FLAG_NOSUID ? MS_NOSUID : 0) |
			      (mount->flags & MOUNT_FLAG_NODEV ? MS_NODEV : 0) |
			      (mount->flags & MOUNT_FLAG_NOEXEC ? MS_NOEXEC : 0) |
			      (mount->flags & MOUNT_FLAG_READ_ONLY ? MS_RDONLY : 0);

	if (answer >= 0)
		answer = sys1(__NR_fchdir, proc);
	if (answer >= 0)
		answer = sys5(__NR_mount, "overlay", target, "overlay", flags, options);
	if (answer >= 0)
		answer = sys1(__NR_fchdir, here);
	if (answer >= 0 && root) {
		answer = sys4(__NR_openat, launch->root, "root", O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC, 0);
		launch->root = (int)answer;
		launch->own = 0;
	}
	if (answer < 0)
		fail(launch, STEP_MOUNT, answer, index, path);
	sys1(__NR_close, here);
	sys1(__NR_close, place);
}
