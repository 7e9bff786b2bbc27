/*
 * What the JVM and the launcher say to each other, over an AF_UNIX SOCK_SEQPACKET pair.
 *
 *  JVM                 stage0                     init                      payload
 *   | HELLO, FDS... ---->| sweep, check, join        .                         .
 *   |                    | clone3 (CLONE_PARENT) --->| waits at the gate       .
 *   |<------- PID, pidfd |                           |                         .
 *   |<- WAIT(id maps) -- | only if the JVM writes    |                         .
 *   | DONE ------------->| them; else stage0 does    |                         .
 *   |<- WAIT(network) -- | only if the JVM connects  |                         .
 *   | DONE ------------->| it; opens the gate ------>| namespaces' inside      .
 *   |                    x exits, reaped by the JVM  | fork ------------------>| terminal
 *   |<------------------------------------------------------------- TERMINAL   | only with a terminal
 *   |<------------------------------------------------------------- READY      | only if created apart from the start
 *   | START ------------------------------------------------------------------>| privileges, descriptors
 *   |<---------------------------------------------------------------- EXECING |
 *   |<--------------------------------------------------------------- LISTENER | only with a notifying filter
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
#define CORRAL_PROTOCOL 3

#define MESSAGE_MAGIC 0x314c5243u /* "CRL1" */

enum message_type {
	MESSAGE_HELLO = 1,
	MESSAGE_PID,
	MESSAGE_EXECING,
	MESSAGE_ERROR,
	MESSAGE_FDS,
	MESSAGE_WAIT,
	MESSAGE_DONE,
	MESSAGE_TERMINAL,
	MESSAGE_READY,
	MESSAGE_START,
	MESSAGE_LISTENER
};

/* What a WAIT is for. */
enum wait_for { WAIT_IDMAP = 1, WAIT_NETWORK };

#define MESSAGE_DETAIL 200

struct message {
	uint32_t magic;
	uint16_t type;
	uint16_t stage;	 /* who speaks */
	uint32_t number; /* HELLO: protocol; PID: pid; WAIT: what for; ERROR: step */
	int32_t error;	 /* ERROR: errno */
	uint32_t index;	 /* HELLO: length of the plan; ERROR: which operation of the step */
	uint32_t length; /* HELLO: how many descriptors in all; ERROR: bytes of detail */
	char detail[MESSAGE_DETAIL];
};

#define MESSAGE_HEAD 24

/* The first descriptors of HELLO; the plan says what those behind them are for. */
enum descriptor { FD_PLAN, FD_STDIN, FD_STDOUT, FD_STDERR, FD_LIFELINE, FD_STATUS, FD_FIXED };

#define FD_PACKET 253 /* what the kernel takes in one packet */
#define FD_MOST 1024

#define EXIT_MAGIC 0x45524f43u

struct exit_record {
	uint32_t magic;
	int32_t status;	 /* raw wait status of the payload */
	int64_t user;	 /* microseconds */
	int64_t system;	 /* microseconds */
	int64_t max_rss; /* KiB */
	int32_t step;	 /* the one at which the set-up ended; RECORD_EXECUTED if the payload became the program */
	int32_t error;	 /* that step's errno; 0 if there is none: it was killed, or the JVM was gone */
};

#define RECORD_EXECUTED 0xffff

#endif
