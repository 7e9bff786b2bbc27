package dev.corral.cgroups;

/** The pids controller of version 2. Source: cgroup-v2.rst, "PID". */
public final class PidsV2 extends PidsController {
    PidsV2(GroupDirectory group) {
        super(group);
    }
}
