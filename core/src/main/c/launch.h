/* What every step of one launch knows. */
#ifndef CORRAL_LAUNCH_H
#define CORRAL_LAUNCH_H

#include "plan.h"
#include "protocol.h"
#include "steps.h"
#include "sys.h"

#include <asm/errno.h>
#include <asm/fcntl.h>

#define F_DUPFD_CLOEXEC 1030

#define S_IFMT 0170000
#define S_IFDIR 0040000
#define S_IFCHR 0020000
#define S_IFREG 0100000
#define S_IFLNK 0120000
#define MNT_DETACH 2

/* As long as the kernel takes a path to be, with its NUL. */
#define PATH_MOST 4096

/* The deepest of init's calls take about 60 KB, the others' less than one of these. */
#define STACK 16384L
#define STACKS (16 * STACK)

#define SOCKET 3 /* the control socket, where the JVM puts it */

/* Above the numbers of all descriptors until those for the payload are placed: what came along, and what the steps open. */
#define FDS_END (FD_MOST + 64)

/* How far the payload has come, for its init, whose memory may be another one. */
struct note {
	int32_t step; /* as in the record */
	int32_t error;
};

struct launch {
	enum stage stage;
	struct plan plan;
	int socket;
	int *fds;
	uint32_t fd_count;
	int gate[2];	/* read end, write end */
	long child;	/* what stage0 cloned */
	int detached;	/* whether the sources of binds are detached trees by now */
	int proc;	/* the host's procfs, open whatever happens to /proc; -1 until needed */
	int root;	/* where targets of mounts begin */
	uint64_t own;	/* the device of the new root if it is our own tmpfs, else 0 */
	int scratch;	/* a tmpfs that only we see; -1 until needed */
	int older;	/* whether mounts are made without the calls of Linux 5.2 and 5.12 */
	int trees;	/* how many the older route has put together so far */
	int on_proc;	/* whether proc is the working directory for now, and here the one to go back to; -1 for none */
	int here;
	long umask;	/* that of the JVM, while ours is 0; -1 while it is in force */
	int ruleset;	/* of Landlock; -1 without */
	int null;	/* a mount of /dev/null that was looked at; -1 until needed */
	long network_helper; /* makes the network namespace meanwhile; 0 for nobody */
	int network_socket;  /* is then one of that namespace */
	struct note *note;   /* NULL where no init records the end */
	char *stacks;	     /* STACKS bytes for those who share our memory: at the end init's, at the begin its child's */
};

/* Tells the JVM which step failed, on what, and ends this process. */
__attribute__((noreturn)) void fail(const struct launch *launch, enum step step, long answer, uint32_t index,
				    const char *detail);

/* Notes how far the payload has come. */
void got_to(const struct launch *launch, int32_t step, long answer);

/* Sends a message with at most one descriptor (-1 for none). */
long say(const struct launch *launch, enum message_type type, uint32_t number, int descriptor);

/* Waits for a message; ends this process if the JVM hangs up. */
void expect(const struct launch *launch, enum step step, enum message_type type);

/* Ends with ERROR unless the call's answer is good. */
#define must(launch, step, call)                                             \
	do {                                                                 \
		long must_answer = (call);                                   \
		if (must_answer < 0)                                         \
			fail((launch), (step), must_answer, 0, (const char *)0); \
	} while (0)

static inline int wants(const struct launch *launch, uint32_t flag)
{
	return !!(launch->plan.header->flags & flag);
}

static inline int has_new(const struct launch *launch, uint32_t kind)
{
	return !!(launch->plan.header->namespaces & kind);
}

/* fds.c */
void sweep_descriptors(const struct launch *launch);
void drop_sources(struct launch *launch);
void close_on_exec(const struct launch *launch);
void place_descriptors(struct launch *launch);
/* hello.c */
void hello(struct launch *launch);
/* sched.c */
void score_oom(struct launch *launch);
void raise_rlimits(const struct launch *launch);
void lower_rlimits(const struct launch *launch);
void schedule(const struct launch *launch);
void bind_to_cpus(const struct launch *launch);
/* join.c */
void join_groups(const struct launch *launch);
void join_namespaces(struct launch *launch);
void offset_time(struct launch *launch);
/* clone.c; the child runs the function, with the launch */
void clone_child(struct launch *launch, void (*run)(void *));
long fork_helper(struct launch *launch, void (*run)(void *));
int payload_shares_memory(const struct launch *launch);
long fork_payload(struct launch *launch, void (*run)(void *));
/* idmap.c */
void write_id_maps(const struct launch *launch);
void become_root(const struct launch *launch);
/* net.c */
uint32_t kinds_that_come_later(const struct launch *launch);
void begin_network(struct launch *launch);
void join_network(struct launch *launch);
/* source.c */
void detach_sources(struct launch *launch);
int root_source(struct launch *launch);
int bind_source(struct launch *launch, uint32_t index);
void find_layer(struct launch *launch, uint32_t index);
int host_device(struct launch *launch, enum step step, uint32_t index, const char *path, uint32_t major,
		uint32_t minor);
/* tree.c */
void choose_route(struct launch *launch);
int host_proc(struct launch *launch, enum step step);
char *descriptor_name(char *to, int fd);
long mount_on(struct launch *launch, const char *source, int target, const char *type, unsigned long flags,
	      const char *options);
long leave_proc(struct launch *launch);
long scratch(struct launch *launch);
uint32_t attributes_of(uint32_t flags);
long clone_tree(struct launch *launch, int source, int recursive);
long clone_named(struct launch *launch, const char *path);
long set_attributes(struct launch *launch, int tree, uint32_t flags, int recursive);
long new_filesystem(struct launch *launch, const char *type, const char *const *options, uint32_t flags);
long attach(struct launch *launch, int tree, int target);
long attach_in(struct launch *launch, int tree, int directory, const char *name);
long remount(struct launch *launch, int mount, uint32_t more);
/* mounts.c */
long remount_all(struct launch *launch, int tree, uint32_t more);
/* walk.c */
int component(const char **begin, const char **end);
long walk(int root, const char *path, int flags);
/* place.c */
const char *top_name(const struct launch *launch, const char *path);
long make_at_top(const struct launch *launch, const char *path, uint32_t mode);
long find_place(const struct launch *launch, const char *path, int flags);
long make_place(const struct launch *launch, const char *path, int directory, uint32_t mode);
long make_missing(const struct launch *launch, const char *path, int directory, uint32_t mode);
long make_parent(const struct launch *launch, const char *path, const char **name);
/* root.c */
void set_up_root(struct launch *launch);
/* dev.c */
void make_dev(struct launch *launch, const struct plan_mount *mount, uint32_t index);
long new_devpts(struct launch *launch);
/* file.c */
void make_file(struct launch *launch, const struct plan_mount *mount, uint32_t index);
void make_overlay(struct launch *launch, const struct plan_mount *mount, uint32_t index);
/* tty.c */
void open_terminal(struct launch *launch);
/* ids.c */
void drop_bounding(const struct launch *launch);
void change_ids(const struct launch *launch);
void set_capabilities(const struct launch *launch);
void harden_init(void);
/* restrict.c */
void collect_rules(struct launch *launch);
void restrict_landlock(const struct launch *launch);
void restrict_seccomp(const struct launch *launch);
/* init.c */
int open_signals(void);
__attribute__((noreturn)) void run_init(int payload, int lifeline, int status, int signals, int stay, const struct note *note);
/* payload.c */
__attribute__((noreturn)) void run_payload(struct launch *launch);

#endif
