package dev.corral.privileges;

import dev.corral.Applied;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What of some privileges can be given by somebody who has not all of them.
 *
 * @param applied a line for the permitted ones, and one for a bounding set that could not be changed
 */
record Attainment(Privileges privileges, Applied applied) {
    static Attainment all(Privileges wanted) {
        return new Attainment(
                wanted,
                new Applied(List.of(entry("capabilities", wanted.permitted(), Optional.of(wanted.permitted()), ""))));
    }

    static Attainment of(Privileges wanted, Held held) {
        boolean drops = held.permitted().contains(Capability.CAP_SETPCAP)
                || wanted.bounding().containsAll(held.bounding());
        CapabilitySet bounding = drops ? wanted.bounding().common(held.bounding()) : held.bounding();
        CapabilitySet most = held.permitted().common(bounding);
        CapabilitySet permitted = wanted.permitted().common(most);
        CapabilitySet inheritable = wanted.inheritable().common(most);
        List<Applied.Entry> told = new ArrayList<>();
        CapabilitySet lacking = wanted.permitted().minus(permitted);
        told.add(
                lacking.isEmpty()
                        ? entry("capabilities", wanted.permitted(), Optional.of(permitted), "")
                        : entry("capabilities", wanted.permitted(), Optional.empty(), "the JVM has no " + lacking));
        if (!drops) {
            told.add(entry("bounding set", wanted.bounding(), Optional.empty(), "it stays: to drop takes CAP_SETPCAP"));
        }
        Privileges less = new Privileges(
                bounding,
                permitted,
                wanted.effective().common(permitted),
                inheritable,
                wanted.ambient().common(permitted).common(inheritable));
        return new Attainment(less, new Applied(told));
    }

    private static Applied.Entry entry(
            String feature, CapabilitySet wanted, Optional<CapabilitySet> enforced, String note) {
        return new Applied.Entry(
                feature, wanted.toString(), Optional.empty(), enforced.map(CapabilitySet::toString), note);
    }
}
