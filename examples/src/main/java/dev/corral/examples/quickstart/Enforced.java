package dev.corral.examples.quickstart;

import dev.corral.cgroups.Availability;
import dev.corral.cgroups.Cgroups;
import dev.corral.cgroups.Controller;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which of the limits that the quickstart asks for this host enforces for this user.
 *
 * @param memory whether, and why not
 * @param cpu whether, and why not
 */
record Enforced(Availability memory, Availability cpu) {
    static Enforced here() {
        Cgroups groups = Cgroups.detect();
        return new Enforced(groups.availability(Controller.MEMORY), groups.availability(Controller.CPU));
    }

    boolean all() {
        return missing().isEmpty();
    }

    boolean any() {
        return memory.ok() || cpu.ok();
    }

    /** A line for each limit that is not. */
    String whyNot() {
        return missing().stream().map(Availability::describe).collect(Collectors.joining("\n"));
    }

    private List<Availability> missing() {
        return Stream.of(memory, cpu).filter(answer -> !answer.ok()).toList();
    }
}
