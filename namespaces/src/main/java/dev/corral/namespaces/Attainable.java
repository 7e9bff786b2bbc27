package dev.corral.namespaces;

import static dev.corral.namespaces.NamespaceType.MNT;
import static dev.corral.namespaces.NamespaceType.PID;
import static dev.corral.namespaces.NamespaceType.USER;

import dev.corral.Applied;
import dev.corral.Feature;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * What of an isolation can be had on this host.
 *
 * @param applied a line for each kind that was asked for, and for a /proc
 */
record Attainable(Set<NamespaceType> types, ProcChoice proc, Applied applied) {
    Attainable {
        types = Collections.unmodifiableSet(types);
    }

    /**
     * @param whyNot why a feature does not work; empty for one that does
     */
    static Attainable of(Set<NamespaceType> wanted, boolean proc, Function<Feature, Optional<String>> whyNot) {
        boolean user =
                wanted.contains(USER) && whyNot.apply(Feature.USER_NAMESPACE).isEmpty();
        Set<NamespaceType> had = EnumSet.noneOf(NamespaceType.class);
        List<Applied.Entry> told = new ArrayList<>();
        for (NamespaceType type : wanted) {
            Optional<String> why = type == USER
                    ? whyNot.apply(Feature.USER_NAMESPACE)
                    : whyNot.apply(user ? feature(type) : Feature.NAMESPACES_WITHOUT_USER);
            if (why.isEmpty()) {
                had.add(type);
            }
            told.add(entry(type.kernelName() + " namespace", "new", why));
        }
        // Without the namespaces for it the JVM's own is right.
        boolean tried = proc && had.contains(PID) && had.contains(MNT);
        Optional<String> refused = tried ? whyNot.apply(Feature.PROC) : Optional.empty();
        if (tried) {
            told.add(entry("/proc", "new", refused.map(why -> "the JVM's stays, read-only, with other pids: " + why)));
        }
        return new Attainable(had, refused.isPresent() ? ProcChoice.OUTER : ProcChoice.NEW, new Applied(told));
    }

    /** The same, telling of something that needs a namespace: it is dropped with it. */
    Attainable with(String feature, Optional<String> requested, NamespaceType needed) {
        if (requested.isEmpty()) {
            return this;
        }
        Optional<String> why = types.contains(needed)
                ? Optional.empty()
                : Optional.of("needs the " + needed.kernelName() + " namespace");
        Applied more = new Applied(List.of(entry(feature, requested.get(), why)));
        return new Attainable(types, proc, applied.and(more));
    }

    private static Applied.Entry entry(String feature, String requested, Optional<String> why) {
        return new Applied.Entry(
                feature,
                requested,
                Optional.empty(),
                why.isPresent() ? Optional.empty() : Optional.of(requested),
                why.orElse(""));
    }

    private static Feature feature(NamespaceType type) {
        return switch (type) {
            case USER -> Feature.USER_NAMESPACE;
            case MNT -> Feature.MNT_NAMESPACE;
            case PID -> Feature.PID_NAMESPACE;
            case NET -> Feature.NET_NAMESPACE;
            case UTS -> Feature.UTS_NAMESPACE;
            case IPC -> Feature.IPC_NAMESPACE;
            case CGROUP -> Feature.CGROUP_NAMESPACE;
            case TIME -> Feature.TIME_NAMESPACE;
        };
    }
}
