#include "launch.h"

#include <linux/prctl.h>

void join_groups(const struct launch *launch)
{
	/* "0" is the writer. The child inherits the groups, so nothing of the payload ever runs outside of them. */
	for (uint32_t i = 0; i < plan_count(&launch->plan, SECTION_GROUP_FILES); i++) {
		long answer = sys3(__NR_write, launch->fds[launch->plan.group_files[i]], "0", 1);

		if (answer < 0)
			fail(launch, STEP_CGROUP_JOIN, answer, i, NULL);
	}
}

static const struct {
	uint32_t kind;
	const char *link;
} kinds[] = {
	{ CLONE_NEWNS, "/ns/mnt" }, { CLONE_NEWPID, "/ns/pid" }, { CLONE_NEWNET, "/ns/net" },
	{ CLONE_NEWUTS, "/ns/uts" }, { CLONE_NEWIPC, "/ns/ipc" }, { CLONE_NEWCGROUP, "/ns/cgroup" },
	{ CLONE_NEWTIME, "/ns/time" }, { CLONE_NEWUSER, "/ns/user" },
};

enum { KINDS = sizeof(kinds) / sizeof(kinds[0]) };

/* Whose pidfd it is, as text in the buffer; NULL for one that is none, or whose process has ended. */
static const char *process_of(int proc, int pidfd, char *buffer, size_t size)
{
	static const char key[] = "\nPid:\t";
	char name[48];

	put_number(put_text(name, "self/fdinfo/"), pidfd);
	long file = sys4(__NR_openat, proc, name, O_RDONLY | O_CLOEXEC, 0);
	long got = file < 0 ? file : sys3(__NR_read, file, buffer, size - 1);

	if (file >= 0)
		sys1(__NR_close, file);
	for (long at = 0; at + (long)sizeof(key) < got; at++) {
		if (memcmp(buffer + at, key, sizeof(key) - 1) == 0) {
			char *pid = buffer + at + sizeof(key) - 1, *end = pid;

			for (buffer[got] = 0; *end >= '0' && *end <= '9'; end++)
				;
			*end = 0;
			return end == pid ? NULL : pid;
		}
	}
	return NULL;
}

/*
 * What setns does with a pidfd, before Linux 5.8: by the files of the process, of which all are open before any is entered.
 * That it still is there afterwards says that they are its own.
 */
static long enter_one_by_one(struct launch *launch, int pidfd, uint32_t wanted)
{
	int files[KINDS], later[KINDS] = { 0 };
	char info[512], path[48];
	int proc = host_proc(launch, STEP_NS_JOIN);
	const char *pid = process_of(proc, pidfd, info, sizeof(info));
	long answer = 0;

	if (!pid)
		return -EINVAL;
	for (int i = 0; i < KINDS; i++) {
		put_text(put_text(path, pid), kinds[i].link);
		answer = wanted & kinds[i].kind ? sys4(__NR_openat, proc, path, O_RDONLY | O_CLOEXEC, 0) : -1;
		if (wanted & kinds[i].kind && answer < 0)
			return answer == -ENOENT ? -ESRCH : answer;
		files[i] = (int)answer;
	}
	answer = sys4(__NR_pidfd_send_signal, pidfd, 0, NULL, 0);
	/* Rights over the others may come from the user namespace, which stands last. */
	for (int i = 0; answer >= 0 && i < KINDS; i++) {
		answer = files[i] < 0 ? 0 : sys2(__NR_setns, files[i], kinds[i].kind);
		later[i] = answer == -EPERM && wanted & CLONE_NEWUSER && kinds[i].kind != CLONE_NEWUSER;
		answer = later[i] ? 0 : answer;
	}
	for (int i = 0; answer >= 0 && i < KINDS; i++)
		answer = later[i] ? sys2(__NR_setns, files[i], kinds[i].kind) : 0;
	for (int i = 0; i < KINDS; i++)
		if (files[i] >= 0)
			sys1(__NR_close, files[i]);
	return answer;
}

static long enter(struct launch *launch, const struct plan_join *join)
{
	long answer = sys2(__NR_setns, launch->fds[join->descriptor], join->kinds);

	return answer == -EINVAL ? enter_one_by_one(launch, launch->fds[join->descriptor], join->kinds) : answer;
}

/*
 * Rights over a namespace come from the user namespace that owns it: that of the JVM, or one that is joined as well. So
 * whatever can be joined before the user namespace is, and the rest afterwards.
 */
void join_namespaces(struct launch *launch)
{
	uint32_t count = plan_count(&launch->plan, SECTION_JOINS);
	const struct plan_join *joins = launch->plan.joins;
	long user = -1;
	uint8_t later[FD_MOST];

	if (!count)
		return;
	if (count > FD_MOST)
		fail(launch, STEP_NS_JOIN, -E2BIG, 0, NULL);
	/*
	 * From the first join on somebody inside may look at this process, which holds descriptors of the host. Writing
	 * id maps would be refused for a process that is not dumpable; such a plan does without.
	 */
	if (!has_new(launch, CLONE_NEWUSER))
		must(launch, STEP_DUMPABLE_OFF, sys2(__NR_prctl, PR_SET_DUMPABLE, 0));
	for (uint32_t i = 0; i < count; i++)
		if (joins[i].kinds == CLONE_NEWUSER)
			user = i;
	for (uint32_t i = 0; i < count; i++) {
		long answer = i == user ? 0 : enter(launch, &joins[i]);

		later[i] = answer == -EPERM && user >= 0;
		if (answer < 0 && !later[i])
			fail(launch, STEP_NS_JOIN, answer, i, NULL);
	}
	if (user < 0)
		return;
	long answer = enter(launch, &joins[user]);

	if (answer < 0)
		fail(launch, STEP_NS_JOIN, answer, (uint32_t)user, NULL);
	for (uint32_t i = 0; i < count; i++) {
		answer = later[i] ? enter(launch, &joins[i]) : 0;
		if (answer < 0)
			fail(launch, STEP_NS_JOIN, answer, i, NULL);
	}
}

static char *put_offset(char *to, const char *clock, int64_t seconds, uint32_t nanos)
{
	to = put_text(put_text(to, clock), " ");
	to = put_text(put_number(to, seconds), " ");
	return put_text(put_number(to, nanos), "\n");
}

/*
 * The offsets can be set until the first process is inside, and the one who unshares is not: its children would be. To
 * enter without a child of its own, it opens what its children would get.
 */
void offset_time(struct launch *launch)
{
	const struct plan_header *header = launch->plan.header;
	char text[160];
	char *end = text;

	if (!has_new(launch, CLONE_NEWTIME))
		return;
	must(launch, STEP_TIME_OFFSETS, sys1(__NR_unshare, CLONE_NEWTIME));
	if (wants(launch, PLAN_TIME)) {
		/*
		 * A change of ids, by which this became root of a user namespace, has left its files in /proc to the host's
		 * root. Not after a join, for then somebody inside could look at it meanwhile.
		 */
		long dumpable = sys2(__NR_prctl, PR_GET_DUMPABLE, 0);

		if (dumpable != 1 && !plan_count(&launch->plan, SECTION_JOINS))
			must(launch, STEP_TIME_OFFSETS, sys2(__NR_prctl, PR_SET_DUMPABLE, 1));
		end = put_offset(end, "monotonic", header->time_monotonic, header->time_monotonic_nanos);
		end = put_offset(end, "boottime", header->time_boot, header->time_boot_nanos);

		long file = sys4(__NR_openat, host_proc(launch, STEP_TIME_OFFSETS), "self/timens_offsets", O_WRONLY | O_CLOEXEC, 0);

		must(launch, STEP_TIME_OFFSETS, file);
		must(launch, STEP_TIME_OFFSETS, sys3(__NR_write, file, text, end - text));
		sys1(__NR_close, file);
		if (dumpable != 1)
			must(launch, STEP_TIME_OFFSETS, sys2(__NR_prctl, PR_SET_DUMPABLE, 0));
	}
	long own = sys4(__NR_openat, host_proc(launch, STEP_TIME_OFFSETS), "self/ns/time_for_children", O_RDONLY | O_CLOEXEC, 0);

	must(launch, STEP_TIME_OFFSETS, own);
	must(launch, STEP_TIME_OFFSETS, sys2(__NR_setns, own, CLONE_NEWTIME));
	sys1(__NR_close, own);
}
