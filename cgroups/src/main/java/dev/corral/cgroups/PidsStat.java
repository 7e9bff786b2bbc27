package dev.corral.cgroups;

import java.util.Optional;

/**
 * Processes and threads of a group and all below it.
 *
 * <p>Source: {@code pids.current}, {@code pids.max}, {@code pids.peak}, {@code pids.events}.
 *
 * @param current how many there are
 * @param limit how many there may be
 * @param peak the most at once; empty before Linux 6.1
 * @param refusals how many forks failed; those of version 1, and of version 2 before Linux 6.11, count what failed in this
 *     group by a limit here or above, later ones what failed here or below by this group's limit
 */
public record PidsStat(long current, Limit<Long> limit, Optional<Long> peak, Optional<Long> refusals) {}
