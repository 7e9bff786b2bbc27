/*
 * The steps of a launch, in the order in which they are performed. Their names are the error codes that the caller sees;
 * dev.corral.internal.launch.Step repeats the list, and a test compares the two.
 */
#ifndef CORRAL_STEPS_H
#define CORRAL_STEPS_H

#define CORRAL_STEPS(STEP)                        \
	/* stage0, in the namespaces of the JVM */ \
	STEP(FDS_SWEEP, "fds.sweep")              \
	STEP(HELLO, "hello")                      \
	STEP(PLAN_CHECK, "plan.check")            \
	STEP(SIGNALS_BLOCK, "signals.block")      \
	STEP(OOM_SCORE, "oom.score")              \
	STEP(RLIMITS_RAISE, "rlimits.raise")      \
	STEP(CGROUP_JOIN, "cgroup.join")          \
	STEP(SCHED, "sched")                      \
	STEP(MOUNTS_DETACH, "mounts.detach")      \
	STEP(DUMPABLE_OFF, "dumpable.off")        \
	STEP(NS_JOIN, "ns.join")                  \
	STEP(CLONE, "clone")                      \
	STEP(IDMAP, "idmap")                      \
	STEP(NETWORK, "network")                  \
	STEP(GATE, "gate")                        \
	/* init, in the new namespaces */         \
	STEP(GATE_WAIT, "gate.wait")              \
	STEP(AFFINITY, "affinity")                \
	STEP(IDS_ROOT, "ids.root")                \
	STEP(TIME_OFFSETS, "time.offsets")        \
	STEP(NET_LO, "net.lo")                    \
	STEP(HOST_NAME, "host.name")              \
	STEP(MOUNTS_PROPAGATION, "mounts.propagation") \
	STEP(ROOT_ATTACH, "root.attach")          \
	STEP(MOUNT, "mount")                      \
	STEP(DEV, "dev")                          \
	STEP(PROC, "proc")                        \
	STEP(MASK, "mask")                        \
	STEP(READONLY, "readonly")                \
	STEP(PIVOT, "pivot")                      \
	STEP(ROOT_READONLY, "root.readonly")      \
	STEP(KEYRING, "keyring")                  \
	STEP(INIT_FORK, "init.fork")              \
	/* payload */                             \
	STEP(SESSION, "session")                  \
	STEP(TTY, "tty")                          \
	STEP(READY, "ready")                      \
	STEP(STDIO, "stdio")                      \
	STEP(UMASK, "umask")                      \
	STEP(CWD, "cwd")                          \
	STEP(LANDLOCK_RULES, "landlock.rules")    \
	STEP(CAPS_BOUNDING, "caps.bounding")      \
	STEP(CAPS_KEEP, "caps.keep")              \
	STEP(IDS_GROUPS, "ids.groups")            \
	STEP(IDS_GID, "ids.gid")                  \
	STEP(IDS_UID, "ids.uid")                  \
	STEP(CWD_VERIFY, "cwd.verify")            \
	STEP(CAPS_SET, "caps.set")                \
	STEP(CAPS_AMBIENT, "caps.ambient")        \
	STEP(DEATHSIG, "deathsig")                \
	STEP(NNP, "nnp")                          \
	STEP(LANDLOCK, "landlock")                \
	STEP(FDS_CLOSE, "fds.close")              \
	STEP(FDS_PLACE, "fds.place")              \
	STEP(RLIMITS_LOWER, "rlimits.lower")      \
	STEP(SIGNALS_RESET, "signals.reset")      \
	STEP(EXECING, "execing")                  \
	STEP(SECCOMP, "seccomp")                  \
	STEP(EXEC, "exec")

enum step {
#define STEP(id, name) STEP_##id,
	CORRAL_STEPS(STEP)
#undef STEP
	STEP_COUNT
};

enum stage { STAGE0, STAGE_INIT, STAGE_PAYLOAD };

#endif
