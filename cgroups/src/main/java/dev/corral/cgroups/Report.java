package dev.corral.cgroups;

import dev.corral.Applied;
import dev.corral.Requirement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Collects what becomes of each value, and decides whether one that can't be set ends it all. */
final class Report {
    private final Requirement requirement;
    private final List<Applied.Entry> entries = new ArrayList<>();

    Report(Requirement requirement) {
        this.requirement = requirement;
    }

    /** Notes the entry, or that the value was dropped. A wrong value, and a group that is gone, always end it. */
    void attempt(String feature, String requested, Supplier<Applied.Entry> setting) {
        attemptAll(feature, requested, () -> new Applied(List.of(setting.get())));
    }

    /** The same for a value that takes several files. */
    void attemptAll(String feature, String requested, Supplier<Applied> setting) {
        try {
            entries.addAll(setting.get().entries());
        } catch (InvalidLimit | CgroupGone e) {
            throw e;
        } catch (CgroupException e) {
            drop(feature, requested, e);
        }
    }

    void add(Applied.Entry entry) {
        entries.add(entry);
    }

    /** Throws the reason if values are to be enforced. */
    void drop(String feature, String requested, CgroupException reason) {
        if (requirement == Requirement.ENFORCE) {
            throw reason;
        }
        String why = Optional.ofNullable(reason.getMessage()).orElse("");
        entries.add(new Applied.Entry(feature, requested, Optional.empty(), Optional.empty(), why));
    }

    Applied applied() {
        return new Applied(entries);
    }
}
