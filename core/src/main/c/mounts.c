/* Which mounts there are, as the kept procfs tells: what the older route has instead of AT_RECURSIVE. */
#include "launch.h"

/* A file of /proc, line by line; none is longer than two paths with each byte escaped by four. */
struct lines {
	long file;
	size_t begin, end;
	char bytes[10 * PATH_MOST];
};

static long open_lines(struct launch *launch, struct lines *lines, const char *name)
{
	lines->begin = lines->end = 0;
	lines->file = sys4(__NR_openat, host_proc(launch, STEP_MOUNT), name, O_RDONLY | O_CLOEXEC, 0);
	return lines->file;
}

/* The next line, ended by a NUL; NULL when there is none, or none that fits. */
static char *next_line(struct lines *lines)
{
	for (size_t at = lines->begin;; at++) {
		if (at == lines->end) {
			memmove(lines->bytes, lines->bytes + lines->begin, lines->end - lines->begin);
			lines->end -= lines->begin;
			lines->begin = 0;
			at = lines->end;
			long got = sys3(__NR_read, lines->file, lines->bytes + at, sizeof(lines->bytes) - at);

			if (got <= 0)
				return NULL;
			lines->end += (size_t)got;
		}
		if (lines->bytes[at] == '\n') {
			char *line = lines->bytes + lines->begin;

			lines->bytes[at] = 0;
			lines->begin = at + 1;
			return line;
		}
	}
}

static long read_number(const char *text)
{
	long number = 0;

	while (*text >= '0' && *text <= '9')
		number = number * 10 + (*text++ - '0');
	return number;
}

/* The number of the mount that a descriptor is of; an error if /proc does not tell. */
static long mount_number(struct launch *launch, struct lines *lines, int fd)
{
	static const char key[] = "mnt_id:\t";
	char name[48];
	char *line;
	long number = -ENODATA;

	put_number(put_text(name, "self/fdinfo/"), fd);
	long answer = open_lines(launch, lines, name);

	if (answer < 0)
		return answer;
	while ((line = next_line(lines)))
		if (memcmp(line, key, sizeof(key) - 1) == 0)
			number = read_number(line + sizeof(key) - 1);
	sys1(__NR_close, lines->file);
	return number;
}

static char *word(char *line, int which)
{
	while (which && *line)
		if (*line++ == ' ')
			which--;
	return line;
}

/* Where a mount is: the fifth word. Blanks and the like are written as a backslash and three octal digits. */
static char *mount_point(char *line)
{
	char *from = word(line, 4);
	char *begin = from, *to = from;

	while (*from && *from != ' ') {
		if (*from == '\\' && from[1] && from[2] && from[3]) {
			*to++ = (char)((from[1] - '0') << 6 | (from[2] - '0') << 3 | (from[3] - '0'));
			from += 4;
		} else {
			*to++ = *from++;
		}
	}
	*to = 0;
	return begin;
}

/* A mount of the tree, found again by a path that nobody may have turned into a link by now: the kernel checks that it is one. */
static long remount_at(struct launch *launch, int tree, const char *path, uint32_t more)
{
	long mount = *path ? walk(tree, path, O_NOFOLLOW) : tree;
	long answer = mount < 0 ? mount : remount(launch, (int)mount, more);

	if (mount >= 0 && mount != tree)
		sys1(__NR_close, mount);
	return answer;
}

/* The tree and all that is mounted below it. A bind takes no flags, and a remount is for one mount alone. */
long remount_all(struct launch *launch, int tree, uint32_t more)
{
	struct lines lines;
	char top[PATH_MOST];
	size_t length = 0;
	long number = mount_number(launch, &lines, tree);
	long answer = number < 0 ? number : open_lines(launch, &lines, "self/mountinfo");
	char *line;

	if (answer < 0)
		return answer;
	/* Copies are listed behind what they are mounted on, as they have come to be. */
	while (answer >= 0 && (line = next_line(&lines))) {
		int own = read_number(line) == number;
		const char *path = mount_point(line);

		if (own && (length = text_length(path)) < sizeof(top))
			memcpy(top, path, length + 1);
		if (own || (length && memcmp(path, top, length) == 0 && path[length] == '/'))
			answer = remount_at(launch, tree, path + length, more);
	}
	sys1(__NR_close, lines.file);
	return answer >= 0 && !length ? -ENODATA : answer;
}
