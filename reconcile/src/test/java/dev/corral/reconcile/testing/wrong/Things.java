package dev.corral.reconcile.testing.wrong;

import dev.corral.reconcile.Declared;
import dev.corral.reconcile.Kind;
import dev.corral.reconcile.testing.World;
import java.util.List;
import java.util.Map;

/** What the specimens declare: a group that wants some lamps. */
final class Things {
    record GroupSpec(int size, String note) {}

    record GroupStatus(int lamps, String note) {}

    record LampSpec(int brightness) {}

    record LampStatus(boolean on) {}

    static final Kind<GroupSpec, GroupStatus> GROUP = Kind.of("Group", GroupSpec.class, GroupStatus.class);

    /** Brightness 0 is filled in as 50. */
    static final Kind<LampSpec, LampStatus> LAMP = Kind.of("Lamp", LampSpec.class, LampStatus.class)
            .defaulting(spec -> spec.brightness() == 0 ? new LampSpec(50) : spec);

    private Things() {}

    static Declared<GroupSpec, GroupStatus> group(int size) {
        return group(size, "");
    }

    static Declared<GroupSpec, GroupStatus> group(int size, String note) {
        return Declared.of(GROUP, "group", new GroupSpec(size, note));
    }

    static Declared<LampSpec, LampStatus> lamp(String name, int brightness) {
        return Declared.of(LAMP, name, Map.of(), new LampSpec(brightness));
    }

    static List<String> lamps(World world) {
        return world.names(LAMP);
    }
}
