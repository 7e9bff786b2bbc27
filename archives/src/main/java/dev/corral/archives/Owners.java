package dev.corral.archives;

import dev.corral.Launch.IdRange;
import dev.corral.internal.linux.Directory;
import dev.corral.namespaces.IdMap;
import java.util.List;
import java.util.Optional;

/** To whom things belong: to the JVM's user, or to the one that an id map makes of the archive's. */
record Owners(Optional<IdMap> map) {
    /** Gives something new to its owner. */
    void own(Directory directory, String name, long user, long group) {
        map.ifPresent(ids ->
                directory.chown(name, outside("user", ids.users(), user), outside("group", ids.groups(), group)));
    }

    private static long outside(String what, List<IdRange> ranges, long id) {
        return ranges.stream()
                .filter(range -> id >= range.inside() && id - range.inside() < range.count())
                .findFirst()
                .map(range -> range.outside() + (id - range.inside()))
                .orElseThrow(() -> new UnpackFailed(
                        "the map has no " + what + " id " + id + ": give it a range with this id", null));
    }
}
