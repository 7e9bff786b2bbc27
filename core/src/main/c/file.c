#include "launch.h"

#include <asm/stat.h>

#define LAYERS_MOST 128 /* of one overlay */

/* Writes all of a memory file into a new file. */
static long fill(int directory, const char *name, int content, uint32_t mode)
{
	int64_t offset = 0;
	long file = sys4(__NR_openat, directory, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	long answer;

	if (file < 0)
		return file;
	do
		answer = sys4(__NR_sendfile, file, content, &offset, 1 << 20);
	while (answer > 0);
	if (answer >= 0)
		answer = sys2(__NR_fchmod, file, mode);
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
	long store = scratch(launch);

	put_number(put_text(name, "file"), index);
	answer = store < 0 ? store : fill((int)store, name, content, mount->mode);
	if (answer >= 0)
		answer = sys4(__NR_openat, store, name, O_PATH | O_NOFOLLOW | O_CLOEXEC, 0);

	long file = answer;
	long tree = file < 0 ? file : clone_tree(launch, (int)file, 0);

	answer = tree < 0 ? tree : set_attributes(launch, (int)tree, mount->flags, 0);
	if (answer >= 0)
		answer = attach(launch, (int)tree, (int)place);
	if (answer < 0)
		fail(launch, STEP_MOUNT, answer, index, path);
	sys1(__NR_close, file);
	sys1(__NR_close, tree);
	sys1(__NR_close, place);
}

/* Upper and work directory of an overlay whose changes are thrown away. Relative to the host's procfs. */
static long put_temporary(struct launch *launch, char *to, uint32_t index)
{
	long store = scratch(launch);
	char name[24], *end = to;
	static const char *const parts[] = { "upper", "work" };

	if (store < 0)
		return store;
	for (int i = 0; i < 2; i++) {
		put_number(put_text(name, parts[i]), index);
		long answer = sys3(__NR_mkdirat, store, name, 0755);

		if (answer < 0)
			return answer;
		end = put_text(put_text(put_text(end, ","), parts[i]), "dir=");
		end = put_text(put_text(descriptor_name(end, (int)store), "/"), name);
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

/* The layers that stand before an overlay: as options, by names relative to the host's procfs. */
static char *put_layers(const struct launch *launch, char *to, uint32_t first, uint32_t end)
{
	static const char *const options[LAYERS] = { "lowerdir=", ",upperdir=", ",workdir=" };

	for (uint32_t which = 0; which < LAYERS; which++) {
		const char *before = options[which];

		for (uint32_t i = first; i < end; i++) {
			const struct plan_mount *layer = &launch->plan.mounts[i];

			if (layer->mode != which)
				continue;
			to = descriptor_name(put_text(to, before), launch->fds[layer->descriptor]);
			before = ":";
		}
	}
	return to;
}

/* By mount(2) in any case, whose options may be as long as a page: fsconfig took 256 bytes until Linux 6.5. */
void make_overlay(struct launch *launch, const struct plan_mount *mount, uint32_t index)
{
	const char *path = mount->target.text;
	char options[LAYERS_MOST * 24 + 160];
	int root = !path[1];
	/* Over a root that is not our own tmpfs it would hide what is done later. */
	long place = root && !launch->own ? -EBUSY : overlay_place(launch, path, root);
	uint32_t first = index;

	while (first && launch->plan.mounts[first - 1].kind == MOUNT_LAYER)
		first--;
	long answer = index - first > LAYERS_MOST ? -E2BIG : place;

	if (answer < 0)
		fail(launch, STEP_MOUNT, answer, index, path);
	char *end = put_layers(launch, options, first, index);

	if (mount->flags & MOUNT_FLAG_TEMPORARY)
		answer = put_temporary(launch, end, index);
	if (answer >= 0)
		answer = mount_on(launch, "overlay", (int)place, "overlay", attributes_of(mount->flags), options);
	for (; first < index; first++)
		sys1(__NR_close, launch->fds[launch->plan.mounts[first].descriptor]);
	if (answer >= 0 && root) {
		answer = sys4(__NR_openat, launch->root, "root", O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC, 0);
		launch->root = (int)answer;
		launch->own = 0;
	}
	if (answer < 0)
		fail(launch, STEP_MOUNT, answer, index, path);
	sys1(__NR_close, place);
}
