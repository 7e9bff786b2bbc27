package dev.corral.cgroups;

import java.nio.file.Path;
import java.util.List;

/**
 * What became of the groups that processes which are no more had left behind.
 *
 * @param removed their directories, with all that was in them
 * @param failures one for each group of which something is still there, and for each hierarchy that could not be looked into
 */
public record Swept(List<Path> removed, List<CgroupException> failures) {
    public Swept {
        removed = List.copyOf(removed);
        failures = List.copyOf(failures);
    }
}
