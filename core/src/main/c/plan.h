/* One launch as data: written by dev.corral.internal.launch.LaunchPlan, trusted in nothing. */
#ifndef CORRAL_PLAN_H
#define CORRAL_PLAN_H

#include <stdint.h>

#define PLAN_MAGIC 0x504c5243u /* "CRLP" */
#define PLAN_MOST (16u << 20)
#define PLAN_NONE 0xffffffffu

enum plan_flag {
	PLAN_SETGROUPS_DENY = 1, /* write "deny" before the group map */
	PLAN_LOOPBACK = 2,
	PLAN_PROC = 4,
	PLAN_CGROUP2 = 8, /* the last descriptor is the directory to be born in */
	PLAN_FLAGS = 15
};

/* References are offsets from the begin of the plan; a text carries its NUL; PLAN_NONE stands for "not asked for". */
struct plan_header {
	uint32_t magic;
	uint32_t version;
	uint32_t size;
	uint32_t flags;
	uint32_t namespaces; /* CLONE_NEW... */
	uint32_t parent;     /* pid of the JVM, in its own pid namespace */
	uint32_t arguments;  /* table of 64-bit references, argument_count of them, and a slot of 0 */
	uint32_t argument_count;
	uint32_t variables;
	uint32_t variable_count;
	uint32_t programs; /* candidates, tried in turn */
	uint32_t program_count;
	uint32_t user_map; /* as written to uid_map */
	uint32_t group_map;
	uint32_t host_name;
	uint32_t directory;
};

/* The checked plan: pointers into it. */
struct plan {
	const struct plan_header *header;
	char **arguments;
	char **variables;
	char **programs;
	const char *user_map;
	const char *group_map;
	const char *host_name;
	const char *directory;
};

/*
 * Checks all of the plan and turns its tables of references into tables of pointers, in place. Answers 0, or the offset
 * (from 1 on) at which it is wrong. Makes no system call.
 */
uint32_t plan_read(struct plan *plan, void *bytes, uint64_t size);

#endif
