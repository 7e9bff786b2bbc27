#include "launch.h"

/* The /proc of another pid namespace would have us write the map of a stranger who bears the child's number there. */
static void check_proc(const struct launch *launch)
{
	char self[24], shown[24];
	size_t length = (size_t)(put_number(self, sys0(__NR_getpid)) - self);
	long got = sys4(__NR_readlinkat, AT_CWD, "/proc/self", shown, sizeof(shown));

	if (got < 0)
		fail(launch, STEP_IDMAP, got, 0, "/proc/self");
	if (got != (long)length || memcmp(self, shown, length) != 0)
		fail(launch, STEP_IDMAP, -ESRCH, 0, "/proc, which belongs to another pid namespace");
}

static void write_file(const struct launch *launch, uint32_t index, const char *name, const char *content)
{
	char path[48];

	put_text(put_number(put_text(path, "/proc/"), launch->child), name);

	long fd = sys4(__NR_openat, AT_CWD, path, O_WRONLY | O_CLOEXEC, 0);

	if (fd < 0)
		fail(launch, STEP_IDMAP, fd, index, path);
	size_t length = text_length(content);
	long wrote = sys3(__NR_write, fd, content, length);

	if (wrote != (long)length)
		fail(launch, STEP_IDMAP, wrote < 0 ? wrote : -EIO, index, path);
	sys1(__NR_close, fd);
}

/* From outside: inside, after the clone, the right to map the parent's ids is gone. */
void write_id_maps(const struct launch *launch)
{
	const char *users = launch->plan.texts[TEXT_USER_MAP];
	const char *groups = launch->plan.texts[TEXT_GROUP_MAP];

	if (wants(launch, PLAN_MAP_BY_JVM)) {
		must(launch, STEP_IDMAP, say(launch, MESSAGE_WAIT, WAIT_IDMAP, -1));
		expect(launch, STEP_IDMAP, MESSAGE_DONE);
		return;
	}
	if (users || groups)
		check_proc(launch);
	if (users)
		write_file(launch, 0, "/uid_map", users);
	/* The kernel takes the group map of an unprivileged writer only once setgroups is off. */
	if (wants(launch, PLAN_SETGROUPS_DENY))
		write_file(launch, 1, "/setgroups", "deny");
	if (groups)
		write_file(launch, 2, "/gid_map", groups);
}

/*
 * Unmapped until now: without this the ids of the JVM would show as the overflow id and own nothing here. Groups before
 * the user, with whom the right to change them may go.
 */
void become_root(const struct launch *launch)
{
	int joined = 0;

	for (uint32_t i = 0; i < plan_count(&launch->plan, SECTION_JOINS); i++)
		joined |= !!(launch->plan.joins[i].kinds & CLONE_NEWUSER);
	if (launch->plan.texts[TEXT_GROUP_MAP] || joined) {
		/* Where groups are denied those of the JVM stay, which the maps show as the overflow id. */
		long answer = wants(launch, PLAN_KEEP_GROUPS) ? 0 : sys2(__NR_setgroups, 0, NULL);

		if (answer < 0 && !(joined && answer == -EPERM))
			fail(launch, STEP_IDS_ROOT, answer, 0, NULL);
		must(launch, STEP_IDS_ROOT, sys3(__NR_setresgid, 0, 0, 0));
	}
	if (launch->plan.texts[TEXT_USER_MAP] || joined)
		must(launch, STEP_IDS_ROOT, sys3(__NR_setresuid, 0, 0, 0));
}
