#include "launch.h"

#include <asm/stat.h>
#include <linux/seccomp.h>

/* EXECUTE, WRITE_FILE, READ_FILE, TRUNCATE, IOCTL_DEV: the rights that a file can have. */
#define FILE_ACCESS (1 << 0 | 1 << 1 | 1 << 2 | 1 << 14 | 1 << 15)

/* linux/landlock.h, of the newest kernel; an older one takes the shorter structures. */
struct landlock_attributes {
	uint64_t files, network, scopes;
};

struct landlock_beneath {
	uint64_t access;
	int32_t directory;
} __attribute__((packed));

struct landlock_port {
	uint64_t access;
	uint64_t port;
};

enum { RULE_PATH_BENEATH = 1, RULE_NET_PORT = 2 };

/* What of the access there is for something that is no directory; the kernel refuses the rest. */
static uint64_t file_access(int path, uint64_t access)
{
	struct stat status;

	if (sys2(__NR_fstat, path, &status) < 0 || (status.st_mode & S_IFMT) == S_IFDIR)
		return access;
	return access & FILE_ACCESS;
}

static long add_path(int ruleset, const struct plan_rule *rule)
{
	long path = sys4(__NR_openat, AT_CWD, rule->path.text, O_PATH | O_CLOEXEC, 0);

	if (path < 0)
		return path;
	struct landlock_beneath beneath = { file_access((int)path, rule->access), (int32_t)path };
	/* A rule that grants nothing is an error for the kernel, and none for who wrote it. */
	long answer = beneath.access
			      ? sys4(__NR_landlock_add_rule, ruleset, RULE_PATH_BENEATH, &beneath, 0)
			      : 0;

	sys1(__NR_close, path);
	return answer;
}

/* While paths can still be opened: the user that the payload becomes may not be able to. */
void collect_rules(struct launch *launch)
{
	const struct plan_header *header = launch->plan.header;
	struct landlock_attributes handled = { header->landlock_files, header->landlock_network, header->landlock_scopes };
	size_t size = handled.scopes ? 24 : handled.network ? 16 : 8;

	if (!(handled.files | handled.network | handled.scopes))
		return;
	long ruleset = sys3(__NR_landlock_create_ruleset, &handled, size, 0);

	must(launch, STEP_LANDLOCK_RULES, ruleset);
	for (uint32_t i = 0; i < plan_count(&launch->plan, SECTION_RULES); i++) {
		const struct plan_rule *rule = &launch->plan.rules[i];
		struct landlock_port port = { rule->access, rule->port };
		long answer = rule->path.text
				      ? add_path((int)ruleset, rule)
				      : sys4(__NR_landlock_add_rule, ruleset, RULE_NET_PORT, &port, 0);

		if (answer < 0)
			fail(launch, STEP_LANDLOCK_RULES, answer, i, rule->path.text);
	}
	launch->ruleset = (int)ruleset;
}

void restrict_landlock(const struct launch *launch)
{
	if (launch->ruleset < 0)
		return;
	must(launch, STEP_LANDLOCK, sys2(__NR_landlock_restrict_self, launch->ruleset, 0));
}

void restrict_seccomp(const struct launch *launch)
{
	struct {
		uint16_t length;
		const void *filter;
	} program = { (uint16_t)plan_count(&launch->plan, SECTION_FILTER), launch->plan.filter };

	if (!program.length)
		return;
	long answer = sys3(__NR_seccomp, SECCOMP_SET_MODE_FILTER,
			   wants(launch, PLAN_NOTIFY) ? SECCOMP_FILTER_FLAG_NEW_LISTENER : 0, &program);

	must(launch, STEP_SECCOMP, answer);
	/* It closes at exec. Nothing but what has to be is called from here on: the filter is in force. */
	if (wants(launch, PLAN_NOTIFY))
		must(launch, STEP_SECCOMP, say(launch, MESSAGE_LISTENER, 0, (int)answer));
}
