package dev.corral.internal.launch;

import java.util.Optional;

/** The steps of a launch, in the order in which the launcher performs them: {@code steps.h} in Java. */
public enum Step {
    FDS_SWEEP("fds.sweep"),
    HELLO("hello"),
    PLAN_CHECK("plan.check"),
    SIGNALS_BLOCK("signals.block"),
    CGROUP_JOIN("cgroup.join"),
    CLONE("clone"),
    IDMAP("idmap"),
    GATE("gate"),
    GATE_WAIT("gate.wait"),
    IDS_ROOT("ids.root"),
    DUMPABLE_OFF("dumpable.off"),
    NET_LO("net.lo"),
    HOST_NAME("host.name"),
    MOUNTS_PROPAGATION("mounts.propagation"),
    PROC("proc"),
    INIT_FORK("init.fork"),
    SESSION("session"),
    STDIO("stdio"),
    CWD("cwd"),
    DEATHSIG("deathsig"),
    FDS_CLOSE("fds.close"),
    SIGNALS_RESET("signals.reset"),
    EXECING("execing"),
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
