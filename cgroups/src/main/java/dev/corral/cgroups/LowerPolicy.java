package dev.corral.cgroups;

/**
 * What to do when a hard memory limit comes down to less than the group uses. Version 1 never kills for it: there the kernel
 * reclaims what it can and refuses the rest, whatever the policy.
 */
public enum LowerPolicy {
    /**
     * The limit stays as it is, with a {@link LimitBelowUsage}. What is asked is the usage just before the write: it may grow
     * meanwhile, and the report says when the kernel killed for it.
     */
    REFUSE_IF_ABOVE_USAGE,

    /** Memory is reclaimed first (Linux 5.19 on version 2), and the limit stays as it is if that isn't enough. */
    RECLAIM_FIRST,

    /** The limit is set, and the kernel kills processes of the group until it fits. */
    ALLOW_KILL
}
