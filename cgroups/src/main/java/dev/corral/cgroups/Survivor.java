package dev.corral.cgroups;

/**
 * A process that was still there when a group should have been empty.
 *
 * @param pid 0 for a process of another pid namespace
 * @param why such as "it sleeps in the kernel, where no signal reaches it"
 */
public record Survivor(long pid, String why) {}
