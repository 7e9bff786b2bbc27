package dev.corral.cgroups;

import java.util.Optional;

/**
 * The groups below a group. Source: {@code cgroup.stat} and {@code cgroup.events} of version 2.
 *
 * @param descendants how many live groups there are below
 * @param dying how many were removed and still hold memory or other resources; the kernel has room for 65535 memory groups,
 *     these included
 * @param populated whether there is a process in it or below; empty in the root group
 * @param frozen whether it stands still; empty in the root group and before Linux 5.2
 * @param details the lines of {@code cgroup.stat}; from Linux 6.12 on the same numbers for each controller
 */
public record TreeStat(
        long descendants, long dying, Optional<Boolean> populated, Optional<Boolean> frozen, Keyed details) {}
