package dev.corral.reconcile;

import dev.corral.reconcile.testing.ManualClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** Stores on a manual clock with uids that count, and the kinds that the tests put in them. */
final class Stores {
    static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    /** What a lamp should be; the room may be somebody else's choice. */
    record LampSpec(int brightness, Optional<String> room, List<String> colors) {
        LampSpec brightness(int value) {
            return new LampSpec(value, room, colors);
        }

        LampSpec room(String name) {
            return new LampSpec(brightness, Optional.of(name), colors);
        }
    }

    record LampStatus(boolean on, String note) {}

    /** Brightness 0 is filled in as 50; above 100 is refused; an empty color is refused; colors can't be taken away. */
    static final Kind<LampSpec, LampStatus> LAMP = Kind.of("Lamp", LampSpec.class, LampStatus.class)
            .defaulting(spec -> spec.brightness() == 0 ? spec.brightness(50) : spec)
            .validating(Stores::problems)
            .validatingChanges((before, after) -> after.colors().containsAll(before.colors())
                    ? List.of()
                    : List.of(new Problem("spec.colors", "colors can't be taken away")));

    record TaskSpec(String work) {}

    record TaskStatus(int progress) {}

    /** Stays, marked, for half a minute unless the deletion says otherwise. */
    static final Kind<TaskSpec, TaskStatus> TASK = Kind.of("Task", TaskSpec.class, TaskStatus.class)
            .names(NameRule.DNS_LABEL)
            .graceful(spec -> Duration.ofSeconds(30));

    private Stores() {}

    static ManualClock clock() {
        return ManualClock.startingAt(START);
    }

    static Store on(ManualClock clock) {
        return remembering(clock, 1000);
    }

    static Store remembering(ManualClock clock, int events) {
        AtomicInteger count = new AtomicInteger();
        return new MemoryStore(clock, () -> "uid-" + count.incrementAndGet(), events);
    }

    static LampSpec bright(int brightness) {
        return new LampSpec(brightness, Optional.empty(), List.of());
    }

    static Declared<LampSpec, LampStatus> lamp(String name, int brightness) {
        return Declared.of(LAMP, name, bright(brightness));
    }

    static Declared<LampSpec, LampStatus> lamp(String name, LampSpec spec) {
        return Declared.of(LAMP, name, spec);
    }

    static Declared<LampSpec, LampStatus> lamp(String name, Map<String, String> labels) {
        return Declared.of(LAMP, name, labels, bright(1));
    }

    static Declared<TaskSpec, TaskStatus> task(String name) {
        return Declared.of(TASK, name, new TaskSpec("dig"));
    }

    private static List<Problem> problems(LampSpec spec) {
        List<Problem> problems = new ArrayList<>();
        if (spec.brightness() < 0 || spec.brightness() > 100) {
            problems.add(new Problem("spec.brightness", "is 0 to 100, but was " + spec.brightness()));
        }
        for (int i = 0; i < spec.colors().size(); i++) {
            if (spec.colors().get(i).isEmpty()) {
                problems.add(new Problem("spec.colors[" + i + "]", "is empty"));
            }
        }
        return problems;
    }
}
