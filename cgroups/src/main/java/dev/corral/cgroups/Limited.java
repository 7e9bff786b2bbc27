package dev.corral.cgroups;

import dev.corral.Applied;
import java.util.Optional;

/**
 * A group made for limits.
 *
 * @param group empty if none could be made, and that was to be put up with
 */
record Limited(Optional<Cgroup> group, Applied applied) {}
