#include "launch.h"
#include "packet.h"

static long send_message(const struct launch *launch, struct message *message, uint64_t length, int descriptor)
{
	struct vector vector = { message, length };
	struct rights rights;
	struct packet_header header = { .vectors = &vector, .vector_count = 1 };

	if (descriptor >= 0) {
		rights.length = RIGHTS_HEAD + 4;
		rights.level = SOL_SOCKET;
		rights.type = SCM_RIGHTS;
		rights.descriptors[0] = descriptor;
		header.control = &rights;
		header.control_length = RIGHTS_HEAD + 8;
	}
	/* A JVM that has gone away is no reason to be killed by SIGPIPE in the middle of a step. */
	return sys3(__NR_sendmsg, launch->socket, &header, MSG_NOSIGNAL);
}

long say(const struct launch *launch, enum message_type type, uint32_t number, int descriptor)
{
	struct message message = {
		.magic = MESSAGE_MAGIC, .type = (uint16_t)type, .stage = (uint16_t)launch->stage, .number = number
	};

	return send_message(launch, &message, MESSAGE_HEAD, descriptor);
}

void got_to(const struct launch *launch, int32_t step, long answer)
{
	if (launch->note)
		*launch->note = (struct note){ step, (int32_t)-answer };
}

void fail(const struct launch *launch, enum step step, long answer, uint32_t index, const char *detail)
{
	struct message message = { .magic = MESSAGE_MAGIC,
				   .type = MESSAGE_ERROR,
				   .stage = (uint16_t)launch->stage,
				   .number = step,
				   .error = (int32_t)-answer,
				   .index = index };
	size_t length = detail ? text_length(detail) : 0;

	if (length > MESSAGE_DETAIL)
		length = MESSAGE_DETAIL;
	memcpy(message.detail, detail, length);
	message.length = (uint32_t)length;
	got_to(launch, (int32_t)step, answer);
	send_message(launch, &message, MESSAGE_HEAD + length, -1);
	sys_exit(127);
}

void expect(const struct launch *launch, enum step step, enum message_type type)
{
	struct message message;
	long got;

	do
		got = sys3(__NR_read, launch->socket, &message, sizeof(message));
	while (got == -EINTR);
	if (got == 0) {
		got_to(launch, (int32_t)step, 0);
		sys_exit(127); /* the JVM gave up */
	}
	if (got < 0)
		fail(launch, step, got, 0, NULL);
	if (got < MESSAGE_HEAD || message.magic != MESSAGE_MAGIC || message.type != type)
		fail(launch, step, -EPROTO, 0, "an answer to something else");
}
