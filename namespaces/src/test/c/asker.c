/*
 * A process whose filter asks somebody else. Descriptor 3 is a SOCK_SEQPACKET socket. First comes the filter; the listener
 * goes back. Then each packet is one system call, "number argument...", where an argument is n and a number, or s and a
 * text; its result goes back, the error code negative. The end of the socket is the end.
 */
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { SOCKET = 3 };

static int send_descriptor(int descriptor)
{
	union {
		char space[CMSG_SPACE(sizeof(int))];
		struct cmsghdr header;
	} control;
	struct iovec vector = { "L", 1 };
	struct msghdr message = {
		.msg_iov = &vector, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof(control)
	};

	memset(&control, 0, sizeof(control));
	control.header.cmsg_len = CMSG_LEN(sizeof(int));
	control.header.cmsg_level = SOL_SOCKET;
	control.header.cmsg_type = SCM_RIGHTS;
	memcpy(CMSG_DATA(&control.header), &descriptor, sizeof(int));
	return (int)sendmsg(SOCKET, &message, MSG_NOSIGNAL);
}

int main(void)
{
	static struct sock_filter filter[4096];
	char packet[4096];
	ssize_t length = recv(SOCKET, filter, sizeof(filter), 0);
	struct sock_fprog program = { .len = length / sizeof(filter[0]), .filter = filter };

	if (length <= 0 || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return 125;
	long listener =
		syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER, &program);

	if (listener < 0 || send_descriptor((int)listener) < 0)
		return 125;
	close((int)listener);

	while ((length = recv(SOCKET, packet, sizeof(packet) - 1, 0)) > 0) {
		unsigned long arguments[6] = { 0 };
		char *word = packet;
		char answer[32];

		packet[length] = 0;
		long number = strtol(strsep(&word, " "), NULL, 10);

		for (int i = 0; i < 6 && word; i++) {
			char *argument = strsep(&word, " ");

			arguments[i] = *argument == 's' ? (unsigned long)(argument + 1) : strtoul(argument + 1, NULL, 10);
		}
		long result = syscall(number, arguments[0], arguments[1], arguments[2], arguments[3], arguments[4], arguments[5]);

		snprintf(answer, sizeof(answer), "%ld", result < 0 ? (long)-errno : result);
		send(SOCKET, answer, strlen(answer), MSG_NOSIGNAL);
	}
	return 0;
}
