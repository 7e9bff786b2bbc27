#include "launch.h"

#include <linux/openat2.h>

/* How often a walk is begun again because somebody renames directories under it. */
#define RACES 128

/*
 * Opens, as O_PATH, what a path means inside the root: links are followed as the payload would, but neither they nor ".."
 * ever lead out, whoever changes the tree meanwhile.
 */
long find_place(const struct launch *launch, const char *path, int flags)
{
	struct open_how how = { .flags = (uint64_t)(O_PATH | O_CLOEXEC | flags),
				.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS };
	long answer = -EAGAIN;

	for (int i = 0; answer == -EAGAIN && i < RACES; i++)
		answer = sys4(__NR_openat2, launch->root, path, &how, sizeof(how));
	/* Before Linux 5.6, or where a profile keeps it from us. */
	return unavailable(answer) ? walk(launch->root, path, flags) : answer;
}

static long make(int parent, const char *name, int directory, uint32_t mode)
{
	long answer;

	if (directory) {
		answer = sys3(__NR_mkdirat, parent, name, mode);
	} else {
		answer = sys4(__NR_openat, parent, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode);
		if (answer >= 0)
			sys1(__NR_close, answer);
	}
	/* Not followed: whoever has put a link here in the meantime gets an error, not a mount of his choice. */
	return answer < 0 ? answer : sys4(__NR_openat, parent, name, O_PATH | O_NOFOLLOW | O_CLOEXEC, 0);
}

/* Another launch with the same directory may have made it first; a link that leads nowhere was there all the time. */
static long found_meanwhile(const struct launch *launch, const char *path, int flags)
{
	long place = find_place(launch, path, flags);

	return place == -ENOENT ? -EEXIST : place;
}

/* Walks, making what is missing, until the last component, whose name it answers; at is then its parent's descriptor. */
long make_parent(const struct launch *launch, const char *path, const char **last)
{
	char prefix[PATH_MOST];
	const char *begin, *end = path;
	long at = sys3(__NR_fcntl, launch->root, F_DUPFD_CLOEXEC, 0);
	int made = 0;

	*last = NULL;
	while (at >= 0 && component(&begin, &end)) {
		const char *rest_begin, *rest_end = end;
		size_t length = (size_t)(end - path);
		long next = -ENOENT;

		if (!component(&rest_begin, &rest_end)) {
			*last = begin;
			return at;
		}
		if (length >= sizeof(prefix)) {
			sys1(__NR_close, at);
			return -ENAMETOOLONG;
		}
		memcpy(prefix, path, length);
		prefix[length] = 0;
		if (!made)
			next = find_place(launch, prefix, O_DIRECTORY);
		if (next == -ENOENT) {
			next = make((int)at, prefix + (begin - path), 1, 0755);
			made = next >= 0;
			next = next == -EEXIST ? found_meanwhile(launch, prefix, O_DIRECTORY) : next;
		}
		sys1(__NR_close, at);
		at = next;
	}
	return at;
}

/* The name of what is to be right in our own tmpfs, which nobody else can change; NULL for anything else. */
const char *top_name(const struct launch *launch, const char *path)
{
	const char *begin, *end = path;

	return launch->own && component(&begin, &end) && !*end ? begin : NULL;
}

/* A new directory there, as O_PATH: most are not there yet, so the attempt saves looking for them. */
long make_at_top(const struct launch *launch, const char *path, uint32_t mode)
{
	const char *name = top_name(launch, path);

	return name ? make(launch->root, name, 1, mode) : -EEXIST;
}

/* The place, made if it is missing, its parents too; as O_PATH. */
long make_place(const struct launch *launch, const char *path, int directory, uint32_t mode)
{
	long place = directory ? make_at_top(launch, path, mode) : -EEXIST;

	if (place >= 0)
		return place;
	place = find_place(launch, path, 0);

	return place == -ENOENT ? make_missing(launch, path, directory, mode) : place;
}

/* The same of a place that was not found. */
long make_missing(const struct launch *launch, const char *path, int directory, uint32_t mode)
{
	const char *name;
	long place, parent = make_parent(launch, path, &name);

	if (parent < 0 || !name)
		return parent;
	place = make((int)parent, name, directory, mode);
	sys1(__NR_close, parent);
	return place == -EEXIST ? found_meanwhile(launch, path, 0) : place;
}
