package dev.corral.cgroups;

/** How a host lays out its control groups. Source: cgroups(7). */
public enum CgroupMode {
    /** Controllers sit in hierarchies of version 1 only. */
    LEGACY,
    /** Version 1 holds controllers, and a version 2 tree is mounted beside them. */
    HYBRID,
    /** One tree of version 2 holds all controllers. */
    UNIFIED,
    /** No control group file system is mounted here. */
    NONE
}
