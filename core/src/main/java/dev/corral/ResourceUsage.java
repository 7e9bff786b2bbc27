package dev.corral;

import java.time.Duration;

/**
 * What a child and the descendants it waited for have used. Source: getrusage(2).
 *
 * @param userTime CPU time in user mode
 * @param systemTime CPU time in the kernel
 * @param peakResident the largest resident set of any one process
 */
public record ResourceUsage(Duration userTime, Duration systemTime, ByteSize peakResident) {}
