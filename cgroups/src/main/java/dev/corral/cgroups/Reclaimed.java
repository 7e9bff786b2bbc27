package dev.corral.cgroups;

import dev.corral.ByteSize;

/**
 * What came of reclaiming memory of a group.
 *
 * @param asked how much was asked for
 * @param complete whether the kernel says that it got all of it
 * @param before the usage just before
 * @param after the usage just after; the group may have taken more meanwhile
 */
public record Reclaimed(ByteSize asked, boolean complete, ByteSize before, ByteSize after) {}
