#include "launch.h"

#include <linux/capability.h>
#include <linux/prctl.h>
#include <linux/securebits.h>

static uint32_t half(uint64_t mask, int upper)
{
	return (uint32_t)(upper ? mask >> 32 : mask);
}

static long capset(uint64_t permitted, uint64_t effective, uint64_t inheritable)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[2];

	for (int i = 0; i < 2; i++) {
		data[i].permitted = half(permitted, i);
		data[i].effective = half(effective, i);
		data[i].inheritable = half(inheritable, i);
	}
	return sys2(__NR_capset, &header, data);
}

/* Takes CAP_SETPCAP, which the change of ids may take away. */
void drop_bounding(const struct launch *launch)
{
	uint64_t kept = launch->plan.header->capabilities[CAPS_BOUNDING];

	if (!wants(launch, PLAN_CAPABILITIES))
		return;
	for (uint32_t i = 0; i < 64; i++) {
		if (kept >> i & 1)
			continue;
		long answer = sys2(__NR_prctl, PR_CAPBSET_DROP, i);
		long there = answer < 0 ? sys2(__NR_prctl, PR_CAPBSET_READ, i) : 0;

		if (there < 0) /* the last one was the one before */
			return;
		/* What is not there needs no right to drop it. */
		if (there)
			fail(launch, STEP_CAPS_BOUNDING, answer, i, NULL);
	}
}

void change_ids(const struct launch *launch)
{
	const struct plan_header *header = launch->plan.header;
	uint32_t user = header->user, group = header->group;

	/* The permitted set would go with the last id that is 0. */
	if (wants(launch, PLAN_CAPABILITIES))
		must(launch, STEP_CAPS_KEEP, sys2(__NR_prctl, PR_SET_KEEPCAPS, 1));
	if (!wants(launch, PLAN_IDS))
		return;
	/* Both take capabilities that the user goes away with. */
	if (!wants(launch, PLAN_KEEP_GROUPS))
		must(launch, STEP_IDS_GROUPS,
		     sys2(__NR_setgroups, plan_count(&launch->plan, SECTION_GROUPS), launch->plan.groups));
	must(launch, STEP_IDS_GID, sys3(__NR_setresgid, group, group, group));
	must(launch, STEP_IDS_UID, sys3(__NR_setresuid, user, user, user));
	/* The change may have undone it (fs.suid_dumpable), for init as well. Nobody else is inside yet who could look. */
	if (payload_shares_memory(launch))
		must(launch, STEP_DUMPABLE_OFF, sys2(__NR_prctl, PR_SET_DUMPABLE, 0));
}

/* What has survived the change of ids is put right; the ambient ones have to be permitted and inheritable by then. */
void set_capabilities(const struct launch *launch)
{
	const uint64_t *sets = launch->plan.header->capabilities;

	if (!wants(launch, PLAN_CAPABILITIES))
		return;
	must(launch, STEP_CAPS_SET, capset(sets[CAPS_PERMITTED], sets[CAPS_EFFECTIVE], sets[CAPS_INHERITABLE]));
	for (uint32_t i = 0; i < 64; i++) {
		if (sets[CAPS_AMBIENT] >> i & 1) {
			long answer = sys5(__NR_prctl, PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, i, 0, 0);

			if (answer < 0)
				fail(launch, STEP_CAPS_AMBIENT, answer, i, NULL);
		}
	}
}

/* What init does from here on takes no privilege but to signal a payload that has another user's ids. */
void harden_init(void)
{
	capset(1u << CAP_KILL, 1u << CAP_KILL, 0);
	sys5(__NR_prctl, PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
}
