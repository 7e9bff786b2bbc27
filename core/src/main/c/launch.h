/* What every step of one launch knows. */
#ifndef CORRAL_LAUNCH_H
#define CORRAL_LAUNCH_H

#include "plan.h"
#include "protocol.h"
#include "steps.h"
#include "sys.h"

#define SOCKET 3 /* the control socket, where the JVM puts it */

struct launch {
	enum stage stage;
	struct plan plan;
	int fds[FD_MOST];
	uint32_t fd_count;
	int gate[2]; /* read end, write end */
	long child;  /* what stage0 cloned */
};

/* Tells the JVM which step failed, on what, and ends this process. */
__attribute__((noreturn)) void fail(const struct launch *launch, enum step step, long answer, uint32_t index,
				    const char *detail);

/* Sends a message with at most one descriptor (-1 for none). */
long say(const struct launch *launch, enum message_type type, uint32_t number, int descriptor);

/* Ends with ERROR unless the call's answer is good. */
#define must(launch, step, call)                                             \
	do {                                                                 \
		long must_answer = (call);                                   \
		if (must_answer < 0)                                         \
			fail((launch), (step), must_answer, 0, (const char *)0); \
	} while (0)

void hello(struct launch *launch);			     /* hello.c */
void clone_child(struct launch *launch);		     /* clone.c; returns twice */
void write_id_maps(const struct launch *launch);	     /* idmap.c */
void loopback_up(const struct launch *launch);		     /* net.c */
__attribute__((noreturn)) void run_init(const struct launch *launch, int payload, int signals); /* init.c */
__attribute__((noreturn)) void run_payload(struct launch *launch);		     /* payload.c */
int open_signals(void);					     /* init.c */

#endif
