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
        return make(change).entry();
    }

    /** The same with what was there before. */
    Change.Made make(Change change) {
        if (!dry) {
            return change.make();
        }
        Change.Made made = change.leave();
        Optional<String> before = made.before().map(change.view());
        if (!before.equals(Optional.of(change.expected()))) {
            planned.add(new LimitPlan.Change(
                    change.feature(),
                    change.requested(),
                    change.group().path().resolve(change.file()),
                    before,
                    change.expected(),
                    change.note()));
        }
        return made;
    }

    List<LimitPlan.Change> planned() {
        return List.copyOf(planned);
    }
}
