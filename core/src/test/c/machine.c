/*
 * The first process of a virtual machine, which plays the JVM's part of a launch: mounts what a host has, sends the plan of
 * /plan to /corral-launcher, and prints what it is answered and what the payload says.
 */
#define _GNU_SOURCE
#include "protocol.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *const names[] = { "", "HELLO", "PID", "EXECING", "ERROR", "FDS", "WAIT",
				     "DONE", "TERMINAL", "READY", "START", "LISTENER" };

static void copy(int from, int to)
{
	char bytes[65536];
	ssize_t got;

	while ((got = read(from, bytes, sizeof(bytes))) > 0)
		if (write(to, bytes, (size_t)got) != got)
			perror("write");
}

static int in_memory(const char *path)
{
	int from = open(path, O_RDONLY), to = memfd_create("memory", MFD_CLOEXEC);

	copy(from, to);
	close(from);
	lseek(to, 0, SEEK_SET);
	return to;
}

/* pivot_root does not take the file system that a machine begins with: everything moves into a tmpfs. */
static void settle(void)
{
	static const char *const files[] = { "corral-launcher", "programs/payload", "plan", "content" };
	static const char *const systems[] = { "proc", "sysfs", "devtmpfs" };
	static const char *const places[] = { "/new/proc", "/new/sys", "/new/dev" };

	mkdir("/new", 0755);
	mount("tmpfs", "/new", "tmpfs", 0, "mode=755");
	mkdir("/new/programs", 0755);
	for (int i = 0; i < 3; i++) {
		mkdir(places[i], 0755);
		mount(systems[i], places[i], systems[i], 0, NULL);
	}
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		char to[64];

		snprintf(to, sizeof(to), "/new/%s", files[i]);
		int from = open(files[i], O_RDONLY), file = open(to, O_CREAT | O_WRONLY, 0755);

		copy(from, file);
		close(from);
		close(file);
	}
	if (chdir("/new") || mount(".", "/", NULL, MS_MOVE, NULL) || chroot("."))
		perror("settle");
	int console = open("/dev/console", O_RDWR);

	for (int i = 0; i < 3; i++)
		dup2(console, i);
	setvbuf(stdout, NULL, _IONBF, 0);
}

static void say(int socket, struct message *message, int *descriptors, size_t count)
{
	char control[CMSG_SPACE(16 * sizeof(int))] = { 0 };
	struct iovec vector = { message, MESSAGE_HEAD };
	struct msghdr header = { .msg_iov = &vector, .msg_iovlen = 1 };

	if (count) {
		header.msg_control = control;
		header.msg_controllen = CMSG_SPACE(count * sizeof(int));
		struct cmsghdr *rights = CMSG_FIRSTHDR(&header);
		rights->cmsg_level = SOL_SOCKET;
		rights->cmsg_type = SCM_RIGHTS;
		rights->cmsg_len = CMSG_LEN(count * sizeof(int));
		memcpy(CMSG_DATA(rights), descriptors, count * sizeof(int));
	}
	if (sendmsg(socket, &header, MSG_NOSIGNAL) < 0)
		perror("sendmsg");
}

/* Up to the end of file; answers the terminal. */
static int listen_to(int socket)
{
	struct message message;
	int terminal = -1;

	for (;;) {
		char control[256];
		struct iovec vector = { &message, sizeof(message) };
		struct msghdr header = { .msg_iov = &vector, .msg_iovlen = 1, .msg_control = control,
					 .msg_controllen = sizeof(control) };

		memset(&message, 0, sizeof(message));
		if (recvmsg(socket, &header, 0) <= 0)
			return terminal;
		printf("said: %s\n", names[message.type]);
		if (message.type == MESSAGE_ERROR)
			printf("error: step %u errno %d %.*s\n", message.number, message.error, (int)message.length,
			       message.detail);
		if (message.type == MESSAGE_TERMINAL)
			memcpy(&terminal, CMSG_DATA(CMSG_FIRSTHDR(&header)), sizeof(int));
		if (message.type == MESSAGE_READY) {
			struct message start = { .magic = MESSAGE_MAGIC, .type = MESSAGE_START };

			say(socket, &start, NULL, 0);
		}
	}
}

static void launch(void)
{
	int pair[2], lifeline[2], status[2];
	struct message hello = { .magic = MESSAGE_MAGIC, .type = MESSAGE_HELLO, .number = CORRAL_PROTOCOL };
	struct exit_record record = { 0 };
	int plan = in_memory("/plan"), nothing = open("/dev/null", O_RDWR | O_CLOEXEC);

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) || pipe2(lifeline, O_CLOEXEC) ||
	    pipe2(status, O_CLOEXEC))
		perror("pipes");
	pid_t stage0 = fork();

	if (!stage0) {
		char *words[] = { "corral-launcher", NULL }, *none[] = { NULL };

		setsid();
		dup2(pair[1], 3);
		execve("/corral-launcher", words, none);
		_exit(126);
	}
	close(pair[1]);
	int descriptors[] = { plan, nothing, nothing, nothing, lifeline[0], status[1],
			      open("/programs", O_PATH | O_CLOEXEC), in_memory("/content") };

	hello.index = (uint32_t)lseek(plan, 0, SEEK_END);
	hello.length = sizeof(descriptors) / sizeof(descriptors[0]);
	say(pair[0], &hello, descriptors, hello.length);
	close(status[1]);
	close(lifeline[0]);
	int terminal = listen_to(pair[0]);

	if (terminal >= 0)
		copy(terminal, 1);
	if (read(status[0], &record, sizeof(record)) == (ssize_t)sizeof(record) && record.magic == EXIT_MAGIC)
		printf("exit: %d\n", record.status >> 8);
	int ended;
	pid_t pid;

	while ((pid = waitpid(-1, &ended, __WALL)) > 0)
		printf("reaped: %s with %d\n", pid == stage0 ? "stage0" : "init", ended >> 8);
}

int main(void)
{
	struct utsname name;

	settle();
	uname(&name);
	printf("machine: %s %s\n", name.machine, name.release);
	launch();
	printf("all said\n");
	reboot(RB_POWER_OFF);
	return 0;
}
