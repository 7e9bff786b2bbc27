/*
 * What the machine needs at least: the system calls of one operation, made by C with nothing between them.
 *
 *   floor LIST    LIST holds the calls of one round, one line each, fields separated by tabs:
 *
 *     keep PATH          opens a file once, before all rounds; each round preads it
 *     dir PATH           opens a directory; closed again at the end of the round
 *     get NAME           openat below the last directory, read, close
 *     mkdir PATH         and rmdir PATH
 *     mark PATH VALUE    the owner's mark, an extended attribute
 *     copy FROM TO       takes the text of one file to another: openat, read, close; openat, write, close
 *     set PATH VALUE     openat, write, pread (reading back), close
 *     probe PATH         access
 *     inode PATH         statx
 *     value PATH         openat, pread, close
 *     edit PATH VALUE    the directory opened and statx, the file opened below it, closed, pread; write and pread if VALUE
 *                        is not empty; close
 *
 * Each line "TIMES" on standard input makes so many rounds; the answer is the median of their nanoseconds.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/xattr.h>
#include <time.h>
#include <unistd.h>

enum { MAX_CALLS = 1024, MAX_ROUNDS = 100000, BUFFER = 8192 };

struct call {
	const char *kind;
	const char *path;
	const char *value;
	int fd;
};

static struct call calls[MAX_CALLS];
static int count;
static long long nanos[MAX_ROUNDS];
static char buffer[BUFFER];

static void fail(const char *what, const char *path)
{
	fprintf(stderr, "%s %s: %s\n", what, path, strerror(errno));
	exit(1);
}

static int opened(int directory, const char *path, int flags)
{
	int fd = openat(directory, path, flags | O_CLOEXEC);

	if (fd < 0)
		fail("openat", path);
	return fd;
}

static void put(int fd, const char *path, const char *text, size_t length)
{
	if (write(fd, text, length) != (ssize_t)length)
		fail("write", path);
}

static void copy(const char *from, const char *to)
{
	int fd = opened(AT_FDCWD, from, O_RDONLY);
	ssize_t length = read(fd, buffer, BUFFER);

	if (length < 0)
		fail("read", from);
	close(fd);
	fd = opened(AT_FDCWD, to, O_WRONLY);
	put(fd, to, buffer, (size_t)length);
	close(fd);
}

static void set(const char *path, const char *value)
{
	int fd = opened(AT_FDCWD, path, O_RDWR);

	put(fd, path, value, strlen(value));
	if (pread(fd, buffer, BUFFER, 0) < 0)
		fail("pread", path);
	close(fd);
}

static void get(int directory, const char *name)
{
	int fd = opened(directory, name, O_RDONLY);

	if (read(fd, buffer, BUFFER) < 0)
		fail("read", name);
	close(fd);
}

static void inode(int directory, const char *path, int flags)
{
	struct statx about;

	if (statx(directory, path, flags, STATX_INO, &about))
		fail("statx", path);
}

static void edit(const char *path, const char *value)
{
	char directory[BUFFER];
	const char *name = strrchr(path, '/') + 1;
	struct open_how how = {
		.flags = O_RDWR | O_CLOEXEC,
		.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_XDEV | RESOLVE_NO_MAGICLINKS,
	};

	snprintf(directory, sizeof directory, "%.*s", (int)(name - 1 - path), path);
	int held = opened(AT_FDCWD, directory, O_PATH | O_DIRECTORY);

	inode(held, "", AT_EMPTY_PATH);
	int fd = (int)syscall(SYS_openat2, held, name, &how, sizeof how);

	if (fd < 0)
		fail("openat2", path);
	close(held);
	if (pread(fd, buffer, BUFFER, 0) < 0)
		fail("pread", path);
	if (*value) {
		put(fd, path, value, strlen(value));
		if (pread(fd, buffer, BUFFER, 0) < 0)
			fail("pread", path);
	}
	close(fd);
}

static void step(struct call *call, int *directory)
{
	switch (call->kind[0]) {
	case 'k':
		if (pread(call->fd, buffer, BUFFER, 0) < 0)
			fail("pread", call->path);
		break;
	case 'd':
		call->fd = opened(AT_FDCWD, call->path, O_PATH | O_DIRECTORY);
		*directory = call->fd;
		break;
	case 'g':
		get(*directory, call->path);
		break;
	case 'p':
		if (access(call->path, W_OK))
			fail("access", call->path);
		break;
	case 'i':
		inode(AT_FDCWD, call->path, 0);
		break;
	case 'v':
		get(AT_FDCWD, call->path);
		break;
	case 'e':
		edit(call->path, call->value);
		break;
	case 'c':
		copy(call->path, call->value);
		break;
	case 's':
		set(call->path, call->value);
		break;
	case 'r':
		if (rmdir(call->path))
			fail("rmdir", call->path);
		break;
	default:
		if (call->kind[1] == 'k' ? mkdir(call->path, 0755)
					 : setxattr(call->path, "user.corral.owner", call->value, strlen(call->value), 0))
			fail(call->kind, call->path);
	}
}

static void round_of_all(void)
{
	int directory = -1;

	for (int i = 0; i < count; i++)
		step(&calls[i], &directory);
	for (int i = 0; i < count; i++)
		if (calls[i].kind[0] == 'd')
			close(calls[i].fd);
}

static long long now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static int ascending(const void *a, const void *b)
{
	long long left = *(const long long *)a, right = *(const long long *)b;

	return (left > right) - (left < right);
}

static void load(const char *list)
{
	static char line[BUFFER];
	FILE *in = fopen(list, "r");

	if (!in)
		fail("open", list);
	while (fgets(line, sizeof line, in)) {
		if (count == MAX_CALLS) {
			errno = E2BIG;
			fail("load", list);
		}
		struct call *call = &calls[count++];
		char *rest = strdup(line);

		rest[strcspn(rest, "\n")] = 0;
		call->kind = strsep(&rest, "\t");
		call->path = strsep(&rest, "\t");
		call->value = rest ? rest : "";
		if (call->kind[0] == 'k')
			call->fd = opened(AT_FDCWD, call->path, O_RDONLY);
	}
	fclose(in);
}

int main(int argc, char **argv)
{
	int times;

	if (argc != 2) {
		fprintf(stderr, "floor LIST\n");
		return 2;
	}
	load(argv[1]);
	while (scanf("%d", &times) == 1 && times > 0 && times <= MAX_ROUNDS) {
		for (int i = 0; i < times; i++) {
			long long begin = now();

			round_of_all();
			nanos[i] = now() - begin;
		}
		qsort(nanos, (size_t)times, sizeof *nanos, ascending);
		printf("%lld\n", nanos[times / 2]);
		fflush(stdout);
	}
	return 0;
}
