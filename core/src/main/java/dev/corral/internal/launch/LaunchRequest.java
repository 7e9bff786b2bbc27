package dev.corral.internal.launch;

import java.util.List;
import java.util.Optional;

/**
 * A plan with the descriptors it speaks of; they stay the caller's.
 *
 * @param stdio the three standard streams of the payload
 * @param groupsV1 one cgroup.procs, open for writing, for each v1 hierarchy
 * @param groupV2 a directory of the cgroup2 tree
 */
public record LaunchRequest(LaunchPlan plan, List<Integer> stdio, List<Integer> groupsV1, Optional<Integer> groupV2) {}
