#include "launch.h"

#include <linux/prctl.h>

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

#define SECCOMP_SET_MODE_FILTER 1
#define SECCOMP_FILTER_FLAG_NEW_LISTENER 8

/* While paths can still be opened: the user that the payload becomes may not be able to. */
void collect_rules(struct launch *launch)
{
	const struct plan_header *header = launch->plan.header;
	struct landlock_attributes handled = { header->landlock_files, header->landlock_network, header->landlock_scopes };
	size_t size = handled.scopes ? 24 : handled.network ? 16 : 8;

	launch->ruleset = -1;
	if (!(handled.files | handled.network | handled.scopes))
		return;
	long ruleset = sys3(__NR_landlock_create_ruleset, &handled, size, 0);

	must(launch, STEP_LANDLOCK_RULES, ruleset);
	for (uint32_t i = 0; i < plan_count(&launch->plan, SECTION_RULES); i++) {
		const struct plan_rule *rule = &launch->plan.rules[i];
		struct landlock_beneath beneath = { rule->access, -1 };
		struct landlock_port port = { rule->access, rule->port };
		long answer = 0;

		if (rule->path.text) {
			answer = sys4(__NR_openat, AT_CWD, rule->path.text, O_PATH | O_CLOEXEC, 0);
			beneath.directory = (int32_t)answer;
		}
		if (answer >= 0)
			answer = sys4(__NR_landlock_add_rule, ruleset,
				      rule->path.text ? RULE_PATH_BENEATH : RULE_NET_PORT,
				      rule->path.text ? (void *)&beneath : (void *)&port, 0);
		if (answer < 0)
			fail(launch, STEP_LANDLOCK_RULES, answer, i, rule->path.text);
		if (beneath.directory >= 0)
			sys1(__NR_close, beneath.directory);
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
	if (wants(launch, PLAN_NOTIFY)) {
		must(launch, STEP_SECCOMP, say(launch, MESSAGE_LISTENER, 0, (int)answer));
		sys1(__NR_close, answer);
	}
}
