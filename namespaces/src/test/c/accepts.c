/*
 * Says of each of many filters whether the kernel takes it: y or n.
 *
 * accepts FILE, which holds filters one after the other, each after a byte that says how many instructions it has
 */
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int count, char **words)
{
	static struct sock_filter filter[256];
	int file = count > 1 ? open(words[1], O_RDONLY | O_CLOEXEC) : -1;
	unsigned char length;
	volatile char *taken = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 || prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0)
		return 125;
	while (read(file, &length, 1) == 1) {
		struct sock_fprog program = { .len = length, .filter = filter };

		if (read(file, filter, length * sizeof(filter[0])) < 0)
			return 125;
		*taken = 'n';
		fflush(stdout);
		pid_t child = fork();

		if (child == 0) {
			if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) == 0)
				*taken = 'y';
			/* Ends without a call: the filter may be in force. */
			__builtin_trap();
		}
		waitpid(child, NULL, 0);
		putchar(*taken);
	}
	return 0;
}
