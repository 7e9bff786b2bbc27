package dev.corral.cgroups;

/** What to do about what is still in a group that is to be removed. */
public enum DeletePolicy {
    /** Neither a process nor a group may be in it. */
    EMPTY_ONLY,
    /** The groups below it are removed too; no process may be in any of them. */
    RECURSIVE,
    /** Every process in it and below is killed first, and the groups below are removed too. */
    KILL_FIRST
}
