/*
 * Causes an event of the group that it is in, or hears of one, and tells when.
 *
 *   cause exit        ends at the first byte on standard input, after it has printed the time
 *   cause eat          uses more and more memory until it is killed
 *   cause hear EVENTS  prints the time and the state whenever the kernel wakes who waits for a file cgroup.events
 *   cause hear OOM_CONTROL EVENT_CONTROL   the same for want of memory in version 1: "TIME woken", and "TIME counted" when the
 *                                          kernel has counted a kill, which comes later
 *
 *   cause watch OOM_CONTROL  prints "TIME counted" for each kill that is counted there; looks again and again, and is not woken by it,
 *                            so that it is no second one who wants a processor at that moment
 *
 * "eat" and the last but one take one more argument: they stay on the first (0) or second (1) processor that they may run on.
 *
 * Times are nanoseconds of CLOCK_MONOTONIC, which is the clock of System.nanoTime.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

enum { PAGE = 4096, STEPS = 1 << 20, LOOK_NANOS = 20000, PATIENCE_SECONDS = 5 };

static long long now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static int stay(const char *which)
{
	int left = atoi(which), number = 0;
	cpu_set_t may, one;

	if (sched_getaffinity(0, sizeof may, &may))
		return -1;
	while (number < CPU_SETSIZE && (!CPU_ISSET(number, &may) || left--))
		number++;
	CPU_ZERO(&one);
	CPU_SET(number, &one);
	return number == CPU_SETSIZE ? -1 : sched_setaffinity(0, sizeof one, &one);
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

static int eat(void)
{
	char byte;
	volatile char *memory = mmap(NULL, (size_t)STEPS * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED || read(0, &byte, 1) != 1)
		return 1;
	for (size_t i = 0; i < STEPS; i++)
		memory[i * PAGE] = 1;
	return 1;
}

static int hear_state(const char *file)
{
	char text[256];
	struct pollfd events = {.fd = open(file, O_RDONLY | O_CLOEXEC), .events = POLLPRI};

	while (pread(events.fd, text, sizeof text - 1, 0) > 0) {
		printf("%lld %d %d\n", now(), !!strstr(text, "populated 1"), !!strstr(text, "frozen 1"));
		fflush(stdout);
		memset(text, 0, sizeof text);
		if (poll(&events, 1, -1) != 1)
			return 1;
	}
	return 1;
}

static long kills(int oom_control)
{
	char text[256] = "";

	if (pread(oom_control, text, sizeof text - 1, 0) < 0)
		return 0;
	char *found = strstr(text, "oom_kill ");

	return found ? atol(found + strlen("oom_kill ")) : 0;
}

static void tell(const char *what)
{
	printf("%lld %s\n", now(), what);
	fflush(stdout);
}

static int hear_oom(const char *oom_control, const char *event_control)
{
	struct timespec pause = {.tv_nsec = LOOK_NANOS};
	uint64_t count;
	int state = open(oom_control, O_RDONLY | O_CLOEXEC);
	long seen = kills(state);
	struct pollfd event = {.fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK), .events = POLLIN};
	int control = open(event_control, O_WRONLY | O_CLOEXEC);

	if (dprintf(control, "%d %d", event.fd, state) < 0) {
		perror(event_control);
		return 1;
	}
	tell("ready");
	while (poll(&event, 1, -1) == 1) {
		long long woken = now();

		while (now() - woken < PATIENCE_SECONDS * 1000000000LL) {
			/* Before the count is looked at: the kernel may want for memory and kill nobody, and the next one is not to be missed. */
			if (read(event.fd, &count, sizeof count) == sizeof count)
				tell("woken");
			if (kills(state) != seen) {
				tell("counted");
				seen = kills(state);
				break;
			}
			nanosleep(&pause, NULL);
		}
	}
	return 1;
}

static _Noreturn void watch_oom(const char *oom_control)
{
	struct timespec pause = {.tv_nsec = LOOK_NANOS};
	int state = open(oom_control, O_RDONLY | O_CLOEXEC);
	long seen = kills(state);

	tell("ready");
	for (;;) {
		if (kills(state) != seen) {
			tell("counted");
			seen = kills(state);
		}
		nanosleep(&pause, NULL);
	}
}

int main(int argc, char **argv)
{
	if (argc == 2 && !strcmp(argv[1], "exit"))
		return leave();
	if ((argc == 2 || (argc == 3 && !stay(argv[2]))) && !strcmp(argv[1], "eat"))
		return eat();
	if (argc == 3 && !strcmp(argv[1], "hear"))
		return hear_state(argv[2]);
	if ((argc == 4 || (argc == 5 && !stay(argv[4]))) && !strcmp(argv[1], "hear"))
		return hear_oom(argv[2], argv[3]);
	if (argc == 3 && !strcmp(argv[1], "watch"))
		watch_oom(argv[2]);
	fprintf(stderr, "cause exit | eat [0|1] | hear EVENTS | hear OOM_CONTROL EVENT_CONTROL [0|1] | watch OOM_CONTROL\n");
	return 2;
}
