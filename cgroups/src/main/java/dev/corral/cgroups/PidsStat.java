package dev.corral.cgroups;

import java.util.Optional;

/**
 * Processes and threads of a group and all below it.
 *
 * <p>Source: {@code pids.current}, {@code pids.max}, {@code pids.peak}.
 *
 * @param current how many there are
 * @param limit how many there may be
 * @param peak the most at once; empty before Linux 6.1
 */
public record PidsStat(long current, Limit<Long> limit, Optional<Long> peak) {}
