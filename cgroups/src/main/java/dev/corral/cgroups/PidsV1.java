package dev.corral.cgroups;

/** The pids controller of version 1. Source: cgroup-v1/pids.rst. */
public final class PidsV1 extends PidsController {
    PidsV1(GroupDirectory group) {
        super(group);
    }
}
