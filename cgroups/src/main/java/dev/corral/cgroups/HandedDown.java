package dev.corral.cgroups;

import java.util.Optional;

/**
 * What became of one controller that a version 2 group was to hand to the groups below it.
 *
 * @param controller as the kernel spells it, such as {@code memory}
 * @param failure why the groups below do not have it; empty when they do
 */
public record HandedDown(String controller, Optional<CgroupException> failure) {
    static HandedDown done(String controller) {
        return new HandedDown(controller, Optional.empty());
    }

    static HandedDown failed(String controller, CgroupException failure) {
        return new HandedDown(controller, Optional.of(failure));
    }

    /** Whether the groups below have it, as the kernel said afterwards. */
    public boolean ok() {
        return failure.isEmpty();
    }
}
