package dev.corral.cgroups;

import dev.corral.Applied;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Writes values that are not in place already, or only tells what it would write. */
final class Pen {
    private final boolean dry;
    private final List<LimitPlan.Change> planned = new ArrayList<>();

    private Pen(boolean dry) {
        this.dry = dry;
    }

    static Pen writing() {
        return new Pen(false);
    }

    static Pen dry() {
        return new Pen(true);
    }

    boolean isDry() {
        return dry;
    }

    /** One value; what became of it is read back from the file. */
    Applied.Entry put(Change change) {
        Optional<String> before = change.now();
        boolean differs = !before.equals(Optional.of(change.expected()));
        if (dry) {
            if (differs) {
                planned.add(new LimitPlan.Change(
                        change.feature(),
                        change.requested(),
                        change.group().path().resolve(change.file()),
                        before,
                        change.expected(),
                        change.note()));
            }
            return change.entry(false);
        }
        if (differs) {
            change.write();
        }
        return change.entry(differs);
    }

    List<LimitPlan.Change> planned() {
        return List.copyOf(planned);
    }
}
