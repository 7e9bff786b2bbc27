package dev.corral.cgroups;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * Who delegated a subtree to this process.
 *
 * @param base its groups, one in each hierarchy
 */
record Grants(Host host, List<GroupDirectory> base) {
    private static final List<String> SYSTEMD = List.of("user.delegate", "trusted.delegate");

    DelegatedRoot root(boolean given) {
        List<Path> writable = base.stream()
                .map(GroupDirectory::path)
                .filter(path -> host.tree().writable(path))
                .toList();
        if (!writable.isEmpty()) {
            return new DelegatedRoot.Granted(
                    writable,
                    given ? DelegatedRoot.Grant.GIVEN : grant(primary().orElseThrow()));
        }
        return primary()
                .map(this::missing)
                .orElseGet(() -> new DelegatedRoot.Missing(
                        "no group of this process is visible here", Delegation.ways(host.user())));
    }

    private DelegatedRoot.Missing missing(GroupDirectory group) {
        OptionalInt owner = host.tree().owner(group.path());
        boolean readOnly = group.hierarchy().readOnly();
        return new DelegatedRoot.Missing(
                Delegation.why(group.path(), owner, host.user(), readOnly),
                Delegation.ways(host.user(), owner, readOnly));
    }

    /** Why this process may make groups in one that is writable. */
    DelegatedRoot.Grant grant(GroupDirectory group) {
        if (isMarked(group)) {
            return DelegatedRoot.Grant.SYSTEMD;
        }
        if (isContainer(group)) {
            return DelegatedRoot.Grant.CONTAINER;
        }
        return host.user() != 0 && host.tree().owner(group.path()).equals(OptionalInt.of(host.user()))
                ? DelegatedRoot.Grant.OWNED
                : DelegatedRoot.Grant.ROOT;
    }

    /** Whether systemd said of a group that the program in it may do there what it likes. */
    static boolean isMarked(GroupDirectory group) {
        return SYSTEMD.stream().flatMap(name -> group.mark(name).stream()).anyMatch("1"::equals);
    }

    /** What looks like the top and is not: the real root of version 2 has no type, and is mounted from its root. */
    private static boolean isContainer(GroupDirectory group) {
        return group.hierarchy().own() instanceof Place.At at
                && group.path().equals(at.mountPoint())
                && (group.hierarchy().unified()
                        ? group.exists("cgroup.type")
                        : !at.root().equals("/"));
    }

    private Optional<GroupDirectory> primary() {
        return Stream.concat(base.stream().filter(group -> group.hierarchy().unified()), base.stream())
                .filter(group -> host.tree().writable(group.path()))
                .findFirst()
                .or(() -> base.stream().findFirst());
    }
}
