package dev.corral.cgroups;

import java.util.Set;

/**
 * One tree of groups.
 *
 * @param unified whether it is the tree of version 2
 * @param controllers what a hierarchy of version 1 holds; empty for version 2, where each group tells it by itself
 * @param own where this process's group lies
 * @param readOnly whether it is mounted read-only
 */
record Hierarchy(boolean unified, Set<String> controllers, Place own, boolean readOnly) {}
