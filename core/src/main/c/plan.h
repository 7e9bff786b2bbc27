/* One launch as data: written by dev.corral.internal.launch.LaunchPlan, trusted in nothing. */
#ifndef CORRAL_PLAN_H
#define CORRAL_PLAN_H

#include <linux/sched.h>
#include <stdint.h>

/* Older kernel headers than Linux 5.6 do not have it. */
#ifndef CLONE_NEWTIME
#define CLONE_NEWTIME 0x00000080
#endif

#define PLAN_MAGIC 0x504c5243u /* "CRLP" */
#define PLAN_MOST (16u << 20)
#define PLAN_NONE 0xffffffffu
#define PLAN_ENTRIES 65536u /* of one section */

enum plan_flag {
	PLAN_SETGROUPS_DENY = 1, /* write "deny" before the group map */
	PLAN_LOOPBACK = 2,
	PLAN_NEW_ROOT = 4,	  /* an empty tmpfs, or the directory of root_descriptor */
	PLAN_ROOT_READ_ONLY = 8,
	PLAN_MAP_BY_JVM = 16,	  /* WAIT(id maps) instead of writing them */
	PLAN_WAIT_NETWORK = 32,
	PLAN_WAIT_START = 64,	  /* READY, then wait for START */
	PLAN_WAIT_ALL = 128,	  /* init stays until its last child has ended */
	PLAN_NEW_PRIVILEGES = 256, /* leave no_new_privs alone */
	PLAN_KEYRING = 512,
	PLAN_TERMINAL = 1024,	  /* the three streams are a new terminal */
	PLAN_IDS = 2048,	  /* user, group and the groups section */
	PLAN_CAPABILITIES = 4096,
	PLAN_UMASK = 8192,
	PLAN_NICE = 16384,
	PLAN_POLICY = 32768,
	PLAN_IO_PRIORITY = 65536,
	PLAN_OOM_SCORE = 131072,
	PLAN_TIME = 262144,
	PLAN_NOTIFY = 524288,	  /* the filter notifies: send its listener */
	PLAN_KEEP_GROUPS = 1048576, /* leave supplementary groups alone: they may not be set */
	PLAN_OUTLIVE = 2097152,	    /* go on when the JVM ends */
	PLAN_FLAGS = 4194303
};

/* A text of the plan: an offset until it is checked, a pointer from then on. 0 stands for none. */
union plan_text {
	uint64_t offset;
	char *text;
};

/* How one entry of the mounts section is carried out. */
enum mount_kind {
	MOUNT_BIND = 1,	/* source: where a source that must be opened again lies; descriptor: the source itself */
	MOUNT_TMPFS,	/* data: options; mode */
	MOUNT_PROC,
	MOUNT_SYSFS,
	MOUNT_MQUEUE,
	MOUNT_CGROUP2,
	MOUNT_DEVPTS,
	MOUNT_DEV,	 /* the minimal /dev */
	MOUNT_OVERLAY,	 /* of the layers that stand before it */
	MOUNT_DIRECTORY, /* mode */
	MOUNT_SYMLINK,	 /* source: where it points to */
	MOUNT_FILE,	 /* descriptor: the content; mode */
	MOUNT_MASK,
	MOUNT_READ_ONLY,
	MOUNT_LAYER,	 /* a directory of the next overlay; source and descriptor as for a bind; mode: which it is */
	MOUNT_KINDS
};

enum plan_layer { LAYER_LOWER, LAYER_UPPER, LAYER_WORK, LAYERS };

enum mount_flag {
	MOUNT_FLAG_READ_ONLY = 1,
	MOUNT_FLAG_NOSUID = 2,
	MOUNT_FLAG_NODEV = 4,
	MOUNT_FLAG_NOEXEC = 8,
	MOUNT_FLAG_ALONE = 16,	/* a bind without what is mounted below */
	MOUNT_FLAG_TEMPORARY = 32, /* an overlay whose changes are thrown away */
	MOUNT_FLAG_FLAGS = 63
};

struct plan_mount {
	uint32_t kind;
	uint32_t flags;
	union plan_text target; /* absolute, inside the new root */
	union plan_text source;
	union plan_text data;
	uint32_t descriptor; /* index, or PLAN_NONE */
	uint32_t mode;
};

struct plan_rlimit {
	uint32_t resource;
	uint32_t unused;
	uint64_t soft;
	uint64_t hard;
};

struct plan_join {
	uint32_t descriptor;
	uint32_t kinds; /* CLONE_NEW...; more than one bit: the descriptor is a pidfd */
};

struct plan_rule {
	uint64_t access;
	union plan_text path;
	uint64_t port; /* where there is no path */
};

struct plan_pass {
	uint32_t descriptor;
	uint32_t number; /* as the payload has it; 3 or more */
};

struct plan_section {
	uint32_t offset; /* a multiple of 8; each section begins behind the one before */
	uint32_t count;
};

/* Entries: a text; then the structs above; a sock_filter of 8 bytes; a number of 4 or 8 bytes. */
enum plan_sections {
	SECTION_ARGUMENTS,
	SECTION_VARIABLES,
	SECTION_PROGRAMS, /* candidates, tried in turn */
	SECTION_MOUNTS,
	SECTION_RLIMITS,
	SECTION_JOINS,
	SECTION_RULES,
	SECTION_PASS,
	SECTION_FILTER,
	SECTION_CPUS,	      /* 64-bit words of the affinity mask */
	SECTION_GROUPS,	      /* supplementary groups */
	SECTION_GROUP_FILES,  /* descriptors of cgroup.procs to write to */
	SECTIONS
};

enum plan_texts {
	TEXT_USER_MAP, /* as written to uid_map */
	TEXT_GROUP_MAP,
	TEXT_HOST_NAME,
	TEXT_DOMAIN_NAME,
	TEXT_DIRECTORY,
	TEXT_ROOT, /* where the directory of root_descriptor lies */
	TEXTS
};

enum plan_capabilities { CAPS_BOUNDING, CAPS_PERMITTED, CAPS_EFFECTIVE, CAPS_INHERITABLE, CAPS_AMBIENT, CAPS };

struct plan_header {
	uint32_t magic;
	uint32_t version;
	uint32_t size;
	uint32_t flags;
	uint32_t namespaces;	   /* CLONE_NEW... */
	uint32_t group_descriptor; /* the v2 group to be born in, or PLAN_NONE */
	uint32_t root_descriptor;  /* the directory that becomes the root, or PLAN_NONE */
	uint32_t descriptors;	   /* how many there are */
	struct plan_section sections[SECTIONS];
	union plan_text texts[TEXTS];
	uint64_t capabilities[CAPS];
	uint64_t landlock_files; /* handled access rights; 0 in all three: no Landlock */
	uint64_t landlock_network;
	uint64_t landlock_scopes;
	int64_t time_boot; /* seconds; nanoseconds beside it */
	int64_t time_monotonic;
	uint32_t time_boot_nanos;
	uint32_t time_monotonic_nanos;
	uint32_t user;
	uint32_t group;
	uint32_t umask;
	int32_t nice;
	uint32_t policy;
	uint32_t priority;
	uint32_t io_priority;
	int32_t oom_score;
	uint32_t columns; /* of the terminal */
	uint32_t rows;
};

/* The checked plan: pointers into it. */
struct plan {
	const struct plan_header *header;
	const char *texts[TEXTS];
	char **arguments;
	char **variables;
	char **programs;
	const struct plan_mount *mounts;
	const struct plan_rlimit *rlimits;
	const struct plan_join *joins;
	const struct plan_rule *rules;
	const struct plan_pass *passes;
	const void *filter;
	const uint64_t *cpus;
	const uint32_t *groups;
	const uint32_t *group_files;
};

#define plan_count(plan, section) ((plan)->header->sections[section].count)

/*
 * Checks all of the plan against the number of descriptors that came along, and turns its references into pointers, in
 * place. Answers 0, or the offset (from 1 on) at which it is wrong. Makes no system call.
 */
uint32_t plan_read(struct plan *plan, void *bytes, uint64_t size, uint32_t descriptors);

#endif
