package dev.corral.cgroups;

import java.time.Instant;
import java.util.Optional;

/**
 * What a group used, at one instant. A part is empty where the group does not have the controller; a file that can't be read
 * is an exception, not an empty part.
 *
 * @param at when the first file was read
 */
public record Usage(Instant at, Optional<CpuStat> cpu, Optional<MemoryStat> memory, Optional<PidsStat> pids) {}
