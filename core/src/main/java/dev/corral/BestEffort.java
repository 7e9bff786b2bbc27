package dev.corral;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What of a confinement can be had here, part by part, and what is to be told of the rest. */
final class BestEffort {
    private final List<Applied.Entry> told = new ArrayList<>();

    /** Whether a launch with this part alone is let go on as far as to its program. */
    boolean has(String feature, String requested, Confinement part) {
        Optional<String> why = Capabilities.attempt(Command.of("/").with(part), SharedLauncher.get());
        told.add(new Applied.Entry(
                feature,
                requested,
                Optional.empty(),
                why.isPresent() ? Optional.empty() : Optional.of(requested),
                why.orElse("")));
        return why.isEmpty();
    }

    Applied applied() {
        return new Applied(told);
    }
}
