/*
 * Puts itself under a seccomp filter, then becomes the rest of its command line.
 *
 * confine FILTER PROGRAM [ARGUMENT...]
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(int count, char **words)
{
	static struct sock_filter filter[4096];
	int file = count > 2 ? open(words[1], O_RDONLY | O_CLOEXEC) : -1;
	ssize_t length = read(file, filter, sizeof(filter));
	struct sock_fprog program = { .len = length / sizeof(filter[0]), .filter = filter };

	if (length <= 0 || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ||
	    syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) < 0) {
		fprintf(stderr, "confine: %s\n", strerror(errno));
		return 125;
	}
	execvp(words[2], words + 2);
	fprintf(stderr, "confine: %s: %s\n", words[2], strerror(errno));
	return 126;
}
