/**
 * Control groups: what limits a child, what it used, and how to end all of it. Start from {@link dev.corral.cgroups.Limits}
 * for a command, and from {@link dev.corral.cgroups.Cgroups} for a group made by hand.
 */
@NullMarked
package dev.corral.cgroups;

import org.jspecify.annotations.NullMarked;
