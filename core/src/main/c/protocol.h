/*
 * What the JVM and the launcher say to each other, over an AF_UNIX SOCK_SEQPACKET pair.
 *
 *  JVM                 stage0                     init                      payload
 *   | HELLO, fds ------->| sweep, check, join        .                         .
 *   |                    | clone3 (CLONE_PARENT) --->| waits at the gate       .
 *   |<------- PID, pidfd |                           |                         .
 *   |                    | id maps, opens the gate ->| namespaces' inside      .
 *   |                    x exits, reaped by the JVM  | fork ------------------>| session, stdio, cwd
 *   |<---------------------------------------------------------------- EXECING |
 *   |<- - - - - - - - - - - - - - - - - - - - - - - -  end of file = success - | execve
 *   |<------------------ EXIT, on the status pipe ---| wait4 <-----------------x
 *
 * Without a new pid namespace there is no init: the cloned process goes on as the payload.
 *
 * ERROR may come from any stage, followed by the end of file. The end of file without EXECING means that the set-up died.
 * A packet is never empty: an empty one reads like the end of file. If the JVM closes its end, whoever waits exits.
 */
#ifndef CORRAL_PROTOCOL_H
#define CORRAL_PROTOCOL_H

#include <stdint.h>

/* One number for messages and plan together; there is no negotiation. */
#define CORRAL_PROTOCOL 1

#define MESSAGE_MAGIC 0x314c5243u /* "CRL1" */

enum message_type { MESSAGE_HELLO = 1, MESSAGE_PID, MESSAGE_EXECING, MESSAGE_ERROR };

#define MESSAGE_DETAIL 200

struct message {
	uint32_t magic;
	uint16_t type;
	uint16_t stage;	 /* who speaks */
	uint32_t number; /* HELLO: protocol; PID: pid; ERROR: step */
	int32_t error;	 /* ERROR: errno */
	uint32_t index;	 /* HELLO: length of the plan; ERROR: which operation of the step */
	uint32_t length; /* HELLO: how many descriptors; ERROR: bytes of detail */
	char detail[MESSAGE_DETAIL];
};

#define MESSAGE_HEAD 24

/* Descriptors of HELLO: these first, then one cgroup.procs for each v1 hierarchy, then the v2 group's directory if any. */
enum descriptor { FD_PLAN, FD_STDIN, FD_STDOUT, FD_STDERR, FD_LIFELINE, FD_STATUS, FD_FIXED };

#define FD_MOST 253 /* what the kernel takes in one packet */

#define EXIT_MAGIC 0x45524f43u

struct exit_record {
	uint32_t magic;
	int32_t status;	 /* raw wait status of the payload */
	int64_t user;	 /* microseconds */
	int64_t system;	 /* microseconds */
	int64_t max_rss; /* KiB */
};

#endif
