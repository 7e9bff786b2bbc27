/*
 * Causes an event of the group that it is in, and tells when.
 *
 *   cause exit        ends at the first byte on standard input, after it has printed the time
 *   cause eat FILE    uses more and more memory until it is killed; the time of each step goes into the file
 *
 * Times are nanoseconds of CLOCK_MONOTONIC, which is the clock of System.nanoTime.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

enum { PAGE = 4096, STEPS = 1 << 20 };

static long long now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static int leave(void)
{
	char byte, text[32];

	if (read(0, &byte, 1) != 1)
		return 1;
	int length = snprintf(text, sizeof text, "%lld\n", now());

	if (write(1, text, (size_t)length) != length)
		return 1;
	_exit(0);
}

static int eat(const char *file)
{
	int fd = open(file, O_RDWR);
	char byte;

	if (fd < 0) {
		perror(file);
		return 1;
	}
	volatile long long *stamp = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	volatile char *memory = mmap(NULL, (size_t)STEPS * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (stamp == MAP_FAILED || memory == MAP_FAILED) {
		perror("mmap");
		return 1;
	}
	*stamp = now();
	if (read(0, &byte, 1) != 1)
		return 1;
	for (size_t i = 0; i < STEPS; i++) {
		*stamp = now();
		memory[i * PAGE] = 1;
	}
	return 1;
}

int main(int argc, char **argv)
{
	if (argc == 2 && !strcmp(argv[1], "exit"))
		return leave();
	if (argc == 3 && !strcmp(argv[1], "eat"))
		return eat(argv[2]);
	fprintf(stderr, "cause exit | cause eat FILE\n");
	return 2;
}
