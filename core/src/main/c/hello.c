#include "launch.h"
#include "packet.h"

#include <asm/stat.h>
#include <linux/mman.h>

static void map_plan(struct launch *launch, uint32_t length)
{
	struct stat stat;

	must(launch, STEP_PLAN_CHECK, sys2(__NR_fstat, launch->fds[FD_PLAN], &stat));
	if ((uint64_t)stat.st_size != length || length == 0 || length > PLAN_MOST)
		fail(launch, STEP_PLAN_CHECK, -EPROTO, 0, "the length differs");
	/* Private: references are turned into pointers in place, the sealed file keeps its bytes. */
	long at = sys6(__NR_mmap, 0, (long)length, PROT_READ | PROT_WRITE, MAP_PRIVATE, launch->fds[FD_PLAN], 0);

	if (at < 0 && at > -4096)
		fail(launch, STEP_PLAN_CHECK, at, 0, NULL);
	uint32_t wrong = plan_read(&launch->plan, (void *)at, length, launch->fd_count);

	if (wrong)
		fail(launch, STEP_PLAN_CHECK, -EPROTO, wrong, NULL);
}

/* One packet with its descriptors behind those that have come already. */
static void receive(struct launch *launch, struct message *message)
{
	struct rights rights;
	struct vector vector = { message, sizeof(*message) };
	struct packet_header header = { .vectors = &vector,
				 .vector_count = 1,
				 .control = &rights,
				 .control_length = sizeof(rights) };
	long got;

	memset(message, 0, sizeof(*message));
	memset(&rights, 0, RIGHTS_HEAD);
	do
		got = sys3(__NR_recvmsg, launch->socket, &header, MSG_CMSG_CLOEXEC);
	while (got == -EINTR);
	if (got == 0)
		sys_exit(127); /* the JVM gave up */
	if (got < 0)
		fail(launch, STEP_HELLO, got, 0, NULL);
	if (got < MESSAGE_HEAD || message->magic != MESSAGE_MAGIC)
		fail(launch, STEP_HELLO, -EPROTO, CORRAL_PROTOCOL, "not a hello");

	uint64_t count = rights.length < RIGHTS_HEAD ? 0 : (rights.length - RIGHTS_HEAD) / 4;

	if (header.flags & MSG_CTRUNC)
		fail(launch, STEP_HELLO, -EMFILE, CORRAL_PROTOCOL, NULL);
	if (rights.type != SCM_RIGHTS || count == 0 || count > FD_PACKET || launch->fd_count + count > FD_MOST)
		fail(launch, STEP_HELLO, -EPROTO, CORRAL_PROTOCOL, "descriptors are missing");
	memcpy(launch->fds + launch->fd_count, rights.descriptors, count * sizeof(launch->fds[0]));
	launch->fd_count += (uint32_t)count;
}

void hello(struct launch *launch)
{
	struct message message, more;

	receive(launch, &message);
	if (message.type != MESSAGE_HELLO)
		fail(launch, STEP_HELLO, -EPROTO, CORRAL_PROTOCOL, "not a hello");
	if (message.number != CORRAL_PROTOCOL)
		fail(launch, STEP_HELLO, -EPROTO, CORRAL_PROTOCOL, "another version");
	while (launch->fd_count < message.length) {
		receive(launch, &more);
		if (more.type != MESSAGE_FDS)
			fail(launch, STEP_HELLO, -EPROTO, CORRAL_PROTOCOL, "not more descriptors");
	}
	if (launch->fd_count != message.length || launch->fd_count < FD_FIXED)
		fail(launch, STEP_HELLO, -EPROTO, CORRAL_PROTOCOL, "descriptors are missing");
	map_plan(launch, message.index);
}
