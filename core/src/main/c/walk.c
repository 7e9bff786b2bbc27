#include "launch.h"

#include <asm/stat.h>

#define LINKS_MOST 40 /* as many as the kernel follows */

/* The next component: its begin, and where it ends. 0 at the end of the path. */
int component(const char **begin, const char **end)
{
	const char *at = *end;

	while (*at == '/')
		at++;
	*begin = at;
	while (*at && *at != '/')
		at++;
	*end = at;
	return *begin != at;
}

/* Where the walk is: what is left of the path, and the names of directories on the way here. */
struct way {
	char rest[PATH_MOST];
	char done[PATH_MOST];
	size_t known; /* of done */
};

/* What is left becomes: the first so many bytes of the way, a text, and what was left. */
static long begin_again(struct way *way, size_t kept, const char *text, const char *left)
{
	char path[PATH_MOST];
	size_t length = text_length(text), more = text_length(left);

	if (kept + length + more + 3 > sizeof(path))
		return -ENAMETOOLONG;
	memcpy(path, way->done, kept);
	path[kept] = '/';
	memcpy(path + kept + 1, text, length);
	path[kept + 1 + length] = '/';
	memcpy(path + kept + length + 2, left, more + 1);
	memcpy(way->rest, path, kept + length + more + 3);
	way->known = 0;
	return 0;
}

/* Without the last name; a root has nothing above it. */
static size_t above(const struct way *way)
{
	size_t length = way->known;

	while (length && way->done[length - 1] != '/')
		length--;
	return length ? length - 1 : 0;
}

static long note(struct way *way, const char *name, size_t length)
{
	if (way->known + length + 2 > sizeof(way->done))
		return -ENAMETOOLONG;
	way->done[way->known] = '/';
	memcpy(way->done + way->known + 1, name, length);
	way->known += length + 1;
	return 0;
}

static long is_kind(long fd, uint32_t kind)
{
	struct stat stat;
	long answer = sys2(__NR_fstat, fd, &stat);

	return answer < 0 ? answer : (stat.st_mode & S_IFMT) == kind;
}

static long read_link(long link, char *to, size_t size)
{
	long got = sys4(__NR_readlinkat, link, "", to, size);

	if (got < 0 || got == (long)size)
		return got < 0 ? got : -ENAMETOOLONG;
	to[got] = 0;
	return got ? got : -ENOENT;
}

/*
 * What openat2 does with RESOLVE_IN_ROOT, by hand: one component after the other, no link ever followed by the kernel. Each
 * link, and each "..", is put into the path as text and the walk begins anew at the root: so there is no way up but the one
 * that led down, whoever renames what meanwhile. A link of procfs that is more than its text is only its text here, which
 * does not lead out either.
 */
long walk(int root, const char *path, int flags)
{
	struct way way = { .known = 0 };
	char link[PATH_MOST];
	const char *begin, *end = way.rest;
	int links = 0;
	long at = sys4(__NR_openat, root, ".", O_PATH | O_CLOEXEC, 0);
	long answer = begin_again(&way, 0, path, "");

	while (at >= 0 && answer >= 0 && component(&begin, &end)) {
		size_t length = (size_t)(end - begin);
		const char *ahead, *behind = end;
		int last = !component(&ahead, &behind);
		char name[256];
		long next = at;

		if (length == 1 && begin[0] == '.')
			continue;
		if (length == 2 && begin[0] == '.' && begin[1] == '.') {
			answer = begin_again(&way, above(&way), "", end);
		} else if (length >= sizeof(name)) {
			answer = -ENAMETOOLONG;
		} else {
			memcpy(name, begin, length);
			name[length] = 0;
			next = sys4(__NR_openat, at, name, O_PATH | O_NOFOLLOW | O_CLOEXEC, 0);
			sys1(__NR_close, at);
			at = next;
			long linked = at < 0 ? 0 : is_kind(at, S_IFLNK);

			if (linked <= 0 || (last && flags & O_NOFOLLOW)) {
				answer = at < 0 ? at : linked < 0 ? linked : note(&way, name, length);
				continue;
			}
			answer = ++links > LINKS_MOST ? -ELOOP : read_link(at, link, sizeof(link));
			if (answer >= 0)
				answer = begin_again(&way, link[0] == '/' ? 0 : way.known, link, end);
		}
		end = way.rest;
		sys1(__NR_close, at);
		at = sys4(__NR_openat, root, ".", O_PATH | O_CLOEXEC, 0);
	}
	if (answer >= 0 && at >= 0 && flags & O_DIRECTORY && is_kind(at, S_IFDIR) <= 0)
		answer = -ENOTDIR;
	if (answer < 0 && at >= 0)
		sys1(__NR_close, at);
	return answer < 0 ? answer : at;
}
