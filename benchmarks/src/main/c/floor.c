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
 *     access PATH        and the calls of another program, by its descriptors:
 *     open FD DIR PATH FLAGS   openat, where DIR is a descriptor or -100; ABSENT for FD if there is no such file
 *     statx DIR PATH     of DIR itself if PATH is empty
 *     pread FD
 *     write FD TEXT      a line
 *     close FD
 *
 * Each line "TIMES" on standard input makes so many rounds; the answer is the median of their nanoseconds.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <time.h>
#include <unistd.h>

enum { MAX_CALLS = 1024, MAX_ROUNDS = 100000, BUFFER = 8192, MAX_FD = 4096, FIELDS = 4 };

struct call {
	const char *kind;
	const char *path;
	const char *value;
	const char *field[FIELDS];
	int fd;
};

static struct call calls[MAX_CALLS];
static int count;
static long long nanos[MAX_ROUNDS];
static char buffer[BUFFER];
/* Descriptors of the other program, as they are here. */
static int here[MAX_FD];

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

static int numbered(const char *fd)
{
	int number = atoi(fd);

	return number < 0 ? AT_FDCWD : here[number];
}

static void statx_of(int directory, const char *path)
{
	struct statx about;

	if (statx(directory, path, *path ? 0 : AT_EMPTY_PATH, STATX_INO, &about))
		fail("statx", path);
}

static void open_numbered(struct call *call)
{
	const char *path = call->field[2];
	int fd = openat(numbered(call->field[1]), path, (int)strtol(call->field[3], NULL, 8) | O_CLOEXEC);

	if (strcmp(call->field[0], "ABSENT")) {
		if (fd < 0)
			fail("openat", path);
		here[atoi(call->field[0])] = fd;
	}
}

/* What another program did, with its descriptors; 0 if it is no such call. */
static int repeat(struct call *call)
{
	if (!strcmp(call->kind, "open"))
		open_numbered(call);
	else if (!strcmp(call->kind, "statx"))
		statx_of(numbered(call->path), call->value);
	else if (!strcmp(call->kind, "pread")) {
		if (pread(numbered(call->path), buffer, BUFFER, 0) < 0)
			fail("pread", call->path);
	} else if (!strcmp(call->kind, "write"))
		put(numbered(call->path), call->path, call->value, strlen(call->value));
	else if (!strcmp(call->kind, "close"))
		close(numbered(call->path));
	else
		return 0;
	return 1;
}

static void step(struct call *call, int *directory)
{
	if (repeat(call))
		return;
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
	case 'a':
		if (access(call->path, W_OK))
			fail("access", call->path);
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

static const char *line_of(const char *text)
{
	char *line = malloc(strlen(text) + 2);

	return strcat(strcpy(line, text), "\n");
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
		for (int i = 0; i < FIELDS; i++) {
			char *field = rest ? strsep(&rest, "\t") : NULL;

			call->field[i] = field ? field : "";
		}
		call->path = call->field[0];
		call->value = call->field[1];
		if (!strcmp(call->kind, "write"))
			call->value = line_of(call->value);
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
