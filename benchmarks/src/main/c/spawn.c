/*
 * A program started by C with nothing between it and the kernel, with pipes as its three streams, and waited for.
 *
 *   spawn PROGRAM          by posix_spawn
 *   spawn PROGRAM GROUP    by clone3, born in that directory of the version 2 tree
 *   spawn PROGRAM seven    by clone3, in seven new namespaces; nobody is mapped, nothing mounted
 *
 * Each line "TIMES" on standard input starts it so many times; the answer is the median of their nanoseconds.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
	STREAMS = 3,
	MAX_ROUNDS = 100000,
	SEVEN = CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWCGROUP
};

static long long nanos[MAX_ROUNDS];

static void fail(const char *what)
{
	fprintf(stderr, "%s: %s\n", what, strerror(errno));
	exit(1);
}

static pid_t spawned(char **line, int pipes[STREAMS][2])
{
	posix_spawn_file_actions_t actions;
	char *none[] = {NULL};
	pid_t pid;

	posix_spawn_file_actions_init(&actions);
	for (int i = 0; i < STREAMS; i++)
		posix_spawn_file_actions_adddup2(&actions, pipes[i][i != 0], i);
	errno = posix_spawn(&pid, line[0], &actions, NULL, line, none);
	if (errno)
		fail("posix_spawn");
	posix_spawn_file_actions_destroy(&actions);
	return pid;
}

static pid_t cloned(char **line, int pipes[STREAMS][2], struct clone_args *how)
{
	char *none[] = {NULL};
	pid_t pid = (pid_t)syscall(SYS_clone3, how, sizeof *how);

	if (pid < 0)
		fail("clone3");
	if (pid)
		return pid;
	for (int i = 0; i < STREAMS; i++)
		dup2(pipes[i][i != 0], i);
	execve(line[0], line, none);
	_exit(127);
}

static void once(char **line, struct clone_args *how)
{
	int pipes[STREAMS][2], status;
	char byte;

	for (int i = 0; i < STREAMS; i++)
		if (pipe2(pipes[i], O_CLOEXEC))
			fail("pipe2");
	pid_t pid = how ? cloned(line, pipes, how) : spawned(line, pipes);

	for (int i = 0; i < STREAMS; i++)
		close(pipes[i][i != 0]);
	while (read(pipes[1][0], &byte, 1) > 0)
		;
	if (waitpid(pid, &status, 0) != pid || status) {
		fprintf(stderr, "%s ended with status %d\n", line[0], status);
		exit(1);
	}
	for (int i = 0; i < STREAMS; i++)
		close(pipes[i][i == 0]);
}

static long long now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static int compare(const void *a, const void *b)
{
	long long x = *(const long long *)a, y = *(const long long *)b;

	return (x > y) - (x < y);
}

int main(int argc, char **argv)
{
	char *line[] = {argc > 1 ? argv[1] : NULL, NULL};
	struct clone_args how = {.exit_signal = SIGCHLD};
	int times;

	if (argc < 2 || argc > 3) {
		fprintf(stderr, "spawn PROGRAM | spawn PROGRAM GROUP | spawn PROGRAM seven\n");
		return 2;
	}
	if (argc == 3 && !strcmp(argv[2], "seven")) {
		how.flags = SEVEN;
	} else if (argc == 3) {
		int group = open(argv[2], O_PATH | O_DIRECTORY | O_CLOEXEC);

		if (group < 0)
			fail(argv[2]);
		how.flags = CLONE_INTO_CGROUP;
		how.cgroup = (unsigned int)group;
	}
	while (scanf("%d", &times) == 1 && times > 0 && times <= MAX_ROUNDS) {
		for (int i = 0; i < times; i++) {
			long long begin = now();

			once(line, argc == 3 ? &how : NULL);
			nanos[i] = now() - begin;
		}
		qsort(nanos, (size_t)times, sizeof nanos[0], compare);
		printf("%lld\n", nanos[times / 2]);
		fflush(stdout);
	}
	return 0;
}
