package dev.corral.cgroups;

/** What closing the handle of a group does. */
enum Closing {
    /** Kills what is in it and removes it: whoever made it. */
    KILL,
    /** Nothing: it belongs to somebody else. */
    NOTHING
}
