#include "launch.h"

#include <asm/signal.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/sockios.h>

#define AF_INET 2
#define AF_NETLINK 16
#define SOCK_DGRAM 2
#define LOOPBACK 1
#define SOCK_CLOEXEC 02000000
#ifndef SIOCGSKNS
#define SIOCGSKNS 0x894C
#endif

#define IFF_UP 1
#define IFF_RUNNING 64

/* struct ifreq of if.h, which needs a libc to include. */
struct interface_request {
	char name[16];
	int16_t flags;
	char rest[22];
};

/* The other way, where a profile keeps that ioctl from us. The device has the same number in each network namespace. */
static long loopback_by_netlink(void)
{
	struct {
		struct nlmsghdr header;
		struct ifinfomsg link;
	} request = {
		.header = { .nlmsg_len = sizeof(request), .nlmsg_type = RTM_NEWLINK, .nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK },
		.link = { .ifi_index = LOOPBACK, .ifi_flags = IFF_UP, .ifi_change = IFF_UP },
	};
	struct {
		struct nlmsghdr header;
		struct nlmsgerr error;
	} reply;
	long fd = sys3(__NR_socket, AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC, NETLINK_ROUTE);
	long answer = fd < 0 ? fd : sys6(__NR_sendto, fd, (long)&request, sizeof(request), 0, 0, 0);

	if (answer >= 0)
		answer = sys6(__NR_recvfrom, fd, (long)&reply, sizeof(reply), 0, 0, 0);
	if (answer >= 0)
		answer = (size_t)answer < sizeof(reply) || reply.header.nlmsg_type != NLMSG_ERROR ? -EIO : reply.error.error;
	if (fd >= 0)
		sys1(__NR_close, fd);
	return answer;
}

static void loopback_up(const struct launch *launch, int socket)
{
	struct interface_request request = { .name = "lo", .flags = IFF_UP | IFF_RUNNING };
	long answer;

	if (!wants(launch, PLAN_LOOPBACK))
		return;
	answer = sys3(__NR_ioctl, socket, SIOCSIFFLAGS, &request);
	must(launch, STEP_NET_LO, answer < 0 ? loopback_by_netlink() : answer);
}

static int any_socket(const struct launch *launch)
{
	long fd = sys3(__NR_socket, AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	must(launch, STEP_NET_LO, fd);
	return (int)fd;
}

/*
 * A network namespace takes the kernel about as long to make as all mounts together, and needs nothing of the rest: a helper
 * makes it while init mounts. Not where the JVM connects what is there from the beginning, nor where a sysfs shows the devices
 * of whoever mounts it.
 */
static int network_comes_later(const struct launch *launch)
{
	if (!has_new(launch, CLONE_NEWNET) || !has_new(launch, CLONE_NEWPID) || !wants(launch, PLAN_NEW_ROOT) ||
	    wants(launch, PLAN_WAIT_NETWORK))
		return 0;
	for (uint32_t i = 0; i < plan_count(&launch->plan, SECTION_MOUNTS); i++)
		if (launch->plan.mounts[i].kind == MOUNT_SYSFS)
			return 0;
	return 1;
}

/*
 * What init makes itself while the helper is at work, which so begins sooner. Not where the JVM is asked for the maps: a
 * refusal has to come before that.
 */
static uint32_t kinds_of_init(const struct launch *launch)
{
	uint32_t kinds = CLONE_NEWNS | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWCGROUP;

	return wants(launch, PLAN_MAP_BY_JVM) ? 0 : launch->plan.header->namespaces & kinds;
}

uint32_t kinds_that_come_later(const struct launch *launch)
{
	return network_comes_later(launch) ? CLONE_NEWNET | kinds_of_init(launch) : 0;
}

/* The helper shares init's descriptors: what it leaves behind is a socket of the new namespace, at a number kept for it. */
static void make_network(void *with)
{
	struct launch *launch = with;

	must(launch, STEP_CLONE, sys1(__NR_unshare, CLONE_NEWNET));
	int socket = any_socket(launch);

	loopback_up(launch, socket);
	must(launch, STEP_CLONE, sys3(__NR_dup3, socket, launch->network_socket, O_CLOEXEC));
	sys_exit(0);
}

void begin_network(struct launch *launch)
{
	if (!network_comes_later(launch))
		return;
	launch->network_socket = (int)sys3(__NR_fcntl, launch->socket, F_DUPFD_CLOEXEC, 0);
	must(launch, STEP_CLONE, launch->network_socket);
	launch->network_helper = fork_helper(launch, make_network);
	must(launch, STEP_CLONE, launch->network_helper);
	must(launch, STEP_CLONE, sys1(__NR_unshare, kinds_of_init(launch)));
}

/* Nothing may run in the namespace of the host that is not meant to, not even init. */
void join_network(struct launch *launch)
{
	int status;
	long answer;

	if (!launch->network_helper) {
		if (wants(launch, PLAN_LOOPBACK)) {
			int socket = any_socket(launch);

			loopback_up(launch, socket);
			sys1(__NR_close, socket);
		}
		return;
	}
	do
		answer = sys4(__NR_wait4, launch->network_helper, &status, 0, NULL);
	while (answer == -EINTR);
	must(launch, STEP_CLONE, answer);
	if (status)
		sys_exit(127); /* it has said why, unless it was killed */
	/* By its socket: this takes no /proc. */
	long network = sys2(__NR_ioctl, launch->network_socket, SIOCGSKNS);

	must(launch, STEP_CLONE, network);
	must(launch, STEP_CLONE, sys2(__NR_setns, network, CLONE_NEWNET));
	sys1(__NR_close, network);
	sys1(__NR_close, launch->network_socket);
}
