/* The structures of sendmsg(2) and recvmsg(2), which the kernel's headers keep to themselves. */
#ifndef CORRAL_PACKET_H
#define CORRAL_PACKET_H

#include "protocol.h"

#define SOL_SOCKET 1
#define SCM_RIGHTS 1
#define MSG_CMSG_CLOEXEC 0x40000000
#define MSG_NOSIGNAL 0x4000
#define MSG_CTRUNC 8

struct vector {
	void *base;
	uint64_t length;
};

struct packet_header {
	void *name;
	uint32_t name_length;
	struct vector *vectors;
	uint64_t vector_count;
	void *control;
	uint64_t control_length;
	int32_t flags;
};

#define RIGHTS_HEAD 16

struct rights {
	uint64_t length;
	int32_t level;
	int32_t type;
	int32_t descriptors[FD_PACKET + 1];
};

#endif
