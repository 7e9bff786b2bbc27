package dev.corral.internal.launch;

import java.util.Optional;

/** The steps of a launch, in the order in which the launcher performs them: {@code steps.h} in Java. */
public enum Step {
    FDS_SWEEP("fds.sweep"),
    HELLO("hello"),
    PLAN_CHECK("plan.check"),
    SIGNALS_BLOCK("signals.block"),
    OOM_SCORE("oom.score"),
    RLIMITS_RAISE("rlimits.raise"),
    CGROUP_JOIN("cgroup.join"),
    SCHED("sched"),
    MOUNTS_DETACH("mounts.detach"),
    DUMPABLE_OFF("dumpable.off"),
    NS_JOIN("ns.join"),
    CLONE("clone"),
    IDMAP("idmap"),
    NETWORK("network"),
    GATE("gate"),
    GATE_WAIT("gate.wait"),
    AFFINITY("affinity"),
    IDS_ROOT("ids.root"),
    TIME_OFFSETS("time.offsets"),
    NET_LO("net.lo"),
    HOST_NAME("host.name"),
    MOUNTS_PROPAGATION("mounts.propagation"),
    ROOT_ATTACH("root.attach"),
    MOUNT("mount"),
    DEV("dev"),
    PROC("proc"),
    MASK("mask"),
    READONLY("readonly"),
    PIVOT("pivot"),
    ROOT_READONLY("root.readonly"),
    KEYRING("keyring"),
    INIT_FORK("init.fork"),
    SESSION("session"),
    TTY("tty"),
    READY("ready"),
    STDIO("stdio"),
    UMASK("umask"),
    CWD("cwd"),
    LANDLOCK_RULES("landlock.rules"),
    CAPS_BOUNDING("caps.bounding"),
    CAPS_KEEP("caps.keep"),
    IDS_GROUPS("ids.groups"),
    IDS_GID("ids.gid"),
    IDS_UID("ids.uid"),
    CWD_VERIFY("cwd.verify"),
    CAPS_SET("caps.set"),
    CAPS_AMBIENT("caps.ambient"),
    DEATHSIG("deathsig"),
    NNP("nnp"),
    LANDLOCK("landlock"),
    FDS_CLOSE("fds.close"),
    FDS_PLACE("fds.place"),
    RLIMITS_LOWER("rlimits.lower"),
    SIGNALS_RESET("signals.reset"),
    EXECING("execing"),
    SECCOMP("seccomp"),
    EXEC("exec");

    private final String text;

    Step(String text) {
        this.text = text;
    }

    /** The name as the launcher's source has it. */
    public String text() {
        return text;
    }

    static Optional<Step> at(int number) {
        return number >= 0 && number < values().length ? Optional.of(values()[number]) : Optional.empty();
    }
}
