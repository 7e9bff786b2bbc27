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
	STEP(CGROUP_JOIN, "cgroup.join")          \
	STEP(CLONE, "clone")                      \
	STEP(IDMAP, "idmap")                      \
	STEP(GATE, "gate")                        \
	/* init, in the new namespaces */         \
	STEP(GATE_WAIT, "gate.wait")              \
	STEP(IDS_ROOT, "ids.root")                \
	STEP(DUMPABLE_OFF, "dumpable.off")        \
	STEP(NET_LO, "net.lo")                    \
	STEP(HOST_NAME, "host.name")              \
	STEP(MOUNTS_PROPAGATION, "mounts.propagation") \
	STEP(PROC, "proc")                        \
	STEP(INIT_FORK, "init.fork")              \
	/* payload */                             \
	STEP(SESSION, "session")                  \
	STEP(STDIO, "stdio")                      \
	STEP(CWD, "cwd")                          \
	STEP(DEATHSIG, "deathsig")                \
	STEP(FDS_CLOSE, "fds.close")              \
	STEP(SIGNALS_RESET, "signals.reset")      \
	STEP(EXECING, "execing")                  \
	STEP(EXEC, "exec")

enum step {
#define STEP(id, name) STEP_##id,
	CORRAL_STEPS(STEP)
#undef STEP
	STEP_COUNT
};

enum stage { STAGE0, STAGE_INIT, STAGE_PAYLOAD };

#endif
