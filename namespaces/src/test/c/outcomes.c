/*
 * Makes system calls under a seccomp filter and says what became of each.
 *
 * outcomes FILTER < lines of: way number argument... (six arguments, all unsigned decimal; way is 0, or 1 for int 0x80)
 *
 * Each call is made by a second thread of a process of its own, which alone has the filter; so nothing depends on whether
 * the filter lets anything else through. What came out is left in shared memory.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum outcome { NOTHING, READY, RETURNED, TRAPPED };

static struct {
	volatile enum outcome outcome;
	volatile int thread;
	volatile long value;
} *shared;

static struct sock_filter filter[4096];
static struct sock_fprog program = { .filter = filter };
static unsigned long call[8];

static long make_call(void)
{
#ifdef __x86_64__
	long answer;

	if (call[0] == 1) {
		__asm__ volatile("int $0x80" : "=a"(answer) : "a"(call[1]), "b"(call[2]), "c"(call[3]), "d"(call[4]) : "memory");
		return answer;
	}
#endif
	long result = syscall(call[1], call[2], call[3], call[4], call[5], call[6], call[7]);

	return result < 0 ? -errno : result;
}

static void on_trap(int signal)
{
	(void)signal;
	shared->outcome = TRAPPED;
	for (;;)
		;
}

static void *filtered(void *unused)
{
	(void)unused;
	shared->thread = (int)syscall(SYS_gettid);
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 || syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) < 0) {
		perror("seccomp");
		_exit(125);
	}
	shared->outcome = READY;
	shared->value = make_call();
	shared->outcome = RETURNED;
	for (;;)
		;
}

static void run(void)
{
	pthread_t thread;

	signal(SIGSYS, on_trap);
	if (pthread_create(&thread, NULL, filtered, NULL) != 0)
		_exit(125);
	for (;;) {
		if (shared->outcome >= RETURNED)
			_exit(0);
		if (shared->outcome == READY && syscall(SYS_tgkill, getpid(), shared->thread, 0) < 0 &&
		    shared->outcome == READY)
			_exit(1);
		sched_yield();
	}
}

int main(int count, char **words)
{
	int file = count > 1 ? open(words[1], O_RDONLY | O_CLOEXEC) : -1;
	ssize_t length = read(file, filter, sizeof(filter));
	char line[512];

	if (length <= 0)
		return 125;
	program.len = length / sizeof(filter[0]);
	shared = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	while (fgets(line, sizeof(line), stdin)) {
		char *at = line;
		int status;

		for (int i = 0; i < 8; i++)
			call[i] = strtoul(at, &at, 10);
		shared->outcome = NOTHING;
		fflush(stdout);
		pid_t child = fork();

		if (child == 0)
			run();
		waitpid(child, &status, 0);
		if (WIFSIGNALED(status))
			printf(WTERMSIG(status) == SIGSYS ? "kill process\n" : "signal %d\n", WTERMSIG(status));
		else if (WEXITSTATUS(status) == 125)
			return 125;
		else if (WEXITSTATUS(status) == 1)
			printf("kill thread\n");
		else if (shared->outcome == TRAPPED)
			printf("trap\n");
		else if (shared->value < 0)
			printf("errno %ld\n", -shared->value);
		else
			printf("value\n");
	}
	return 0;
}
