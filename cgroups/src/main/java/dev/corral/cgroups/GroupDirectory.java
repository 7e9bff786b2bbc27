package dev.corral.cgroups;

import dev.corral.internal.linux.Errno;
import dev.corral.internal.linux.ErrnoException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * One group in one hierarchy: a directory, bound to the incarnation it had when it was met.
 *
 * @param inode the kernel's id of the group
 */
record GroupDirectory(Host host, Hierarchy hierarchy, Path path, long inode) {
    /** The group that a directory is now; empty if there is none. */
    static Optional<GroupDirectory> at(Host host, Hierarchy hierarchy, Path path) {
        return host.tree().inode(path).map(inode -> new GroupDirectory(host, hierarchy, path, inode));
    }

    /** Whether this group can enforce limits of a controller. Version 2 says so for each group, version 1 by the tree. */
    boolean has(String controller) {
        return hierarchy.unified()
                ? words("cgroup.controllers").contains(controller)
                : hierarchy.controllers().contains(controller);
    }

    /** The same for a controller whose name differs between the versions. */
    boolean has(Controller controller) {
        return has(hierarchy.unified() ? controller.kernelName() : controller.v1Name());
    }

    /** By its name: some files can only be written, and Linux 6.1 answers EINVAL to whoever reads them. */
    boolean exists(String file) {
        boolean found = files().contains(file);
        if (!found) {
            requireAlive("list", file);
        }
        return found;
    }

    /** The whole text of a control file; empty if this kernel or this group does not have it. */
    Optional<String> text(String file) {
        try {
            Optional<String> text = host.tree().read(path.resolve(file));
            if (text.isEmpty()) {
                requireAlive("read", file);
            }
            return text;
        } catch (ErrnoException e) {
            throw refused("read", file, "", e);
        }
    }

    /** The names of the files in the directory; none if it is gone. */
    List<String> files() {
        try {
            return host.tree().files(path);
        } catch (ErrnoException e) {
            throw new KernelRefused(Failure.of("list", path).errno(e), e);
        }
    }

    /** The words of a file with a list; none if there is no such file. */
    List<String> words(String file) {
        return Arrays.stream(text(file).orElse("").strip().split("[ \t\n]+", -1))
                .filter(word -> !word.isEmpty())
                .toList();
    }

    Keyed keyed(String file) {
        return Keyed.parse(text(file).orElse(""));
    }

    /** The number in a file; empty if there is no such file or nothing in it. */
    Optional<Long> number(String file) {
        return text(file)
                .filter(text -> !text.isBlank())
                .map(text -> KernelNumber.parse(text).orElseThrow(() -> unreadable(file, text)));
    }

    UnsupportedLimit unreadable(String file, String text) {
        return new UnsupportedLimit(
                Failure.of("read", path.resolve(file)).why("it holds no number but \"" + text.strip() + "\""), null);
    }

    UnsupportedLimit missing(String file) {
        return new UnsupportedLimit(
                Failure.of("read", path.resolve(file))
                        .why("there is no such file: the controller is not enabled in this group, it is the root group,"
                                + " or this kernel does not know it"),
                null);
    }

    /** Writes one value with its newline. */
    void write(String file, String value) {
        try {
            host.tree().write(path.resolve(file), value + "\n");
        } catch (ErrnoException e) {
            throw refused("write", file, value, e);
        }
    }

    /** The processes in this group, without those of groups below it; none if it is gone. */
    List<Long> pids() {
        try {
            return host.tree()
                    .read(path.resolve("cgroup.procs"))
                    .map(text -> text.lines()
                            .map(KernelNumber::parse)
                            .flatMap(Optional::stream)
                            .distinct()
                            .sorted()
                            .toList())
                    .orElse(List.of());
        } catch (ErrnoException e) {
            // EOPNOTSUPP: a threaded group, whose processes are listed by the group above it
            if (e.errno() == Errno.ENODEV || e.errno() == Errno.EOPNOTSUPP) {
                return List.of();
            }
            throw refused("read", "cgroup.procs", "", e);
        }
    }

    /** The processes in this group and in all groups below it, ascending; none if it is gone. */
    List<Long> members() {
        if (!alive()) {
            return List.of();
        }
        return below(path).stream()
                .flatMap(directory -> new GroupDirectory(host, hierarchy, directory, 0).pids().stream())
                .distinct()
                .sorted()
                .toList();
    }

    /** This group and those above it, up to where the hierarchy is mounted, the lowest first. */
    List<GroupDirectory> upwards() {
        List<GroupDirectory> groups = new ArrayList<>(List.of(this));
        if (hierarchy.own() instanceof Place.At at) {
            Path above = path.getParent();
            while (above != null && above.startsWith(at.mountPoint())) {
                at(host, hierarchy, above).ifPresent(groups::add);
                above = above.getParent();
            }
        }
        return groups;
    }

    /** This group and all below it, each before those it holds; none if it is gone. */
    List<GroupDirectory> tree() {
        return alive()
                ? below(path).stream()
                        .flatMap(directory -> at(host, hierarchy, directory).stream())
                        .toList()
                : List.of();
    }

    /** Whether the path still leads to this group. */
    boolean alive() {
        try {
            return host.tree().inode(path).equals(Optional.of(inode));
        } catch (ErrnoException e) {
            throw new KernelRefused(Failure.of("find", path).errno(e), e);
        }
    }

    /** Makes a group in this one. */
    GroupDirectory child(String name) {
        Path directory = path.resolve(name);
        try {
            host.tree().mkdir(directory);
        } catch (ErrnoException e) {
            throw notMade(directory, e);
        }
        return at(host, hierarchy, directory)
                .orElseThrow(
                        () -> new CgroupGone(Failure.of("create", directory).why("somebody removed it at once"), null));
    }

    /** Removes the group and those below it, the deepest first; what failed, empty when all of it is gone. */
    Optional<ErrnoException> remove() {
        if (!alive()) {
            return Optional.empty();
        }
        List<Path> directories = below(path);
        Optional<ErrnoException> failed = Optional.empty();
        for (int i = directories.size() - 1; i >= 0; i--) {
            try {
                host.tree().rmdir(directories.get(i));
            } catch (ErrnoException e) {
                if (e.errno() != Errno.ENOENT && e.errno() != Errno.ENODEV) {
                    failed = Optional.of(e);
                }
            }
        }
        return failed;
    }

    private List<Path> below(Path top) {
        List<Path> found = new ArrayList<>(List.of(top));
        try {
            for (int i = 0; i < found.size(); i++) {
                found.addAll(host.tree().children(found.get(i)));
            }
        } catch (ErrnoException e) {
            throw new KernelRefused(Failure.of("list", top).errno(e), e);
        }
        return found;
    }

    private CgroupException notMade(Path directory, ErrnoException e) {
        Failure failure = Failure.of("create", directory).errno(e);
        return switch (e.errno()) {
            case Errno.EEXIST -> new NameTaken(failure.why("the name is taken"), e);
            case Errno.EACCES, Errno.EPERM, Errno.EROFS -> notDelegated(failure, e);
            case Errno.ENOENT -> new CgroupGone(failure.why("the group above it was removed"), e);
            case Errno.EAGAIN ->
                new KernelRefused(
                        failure.why("cgroup.max.depth or cgroup.max.descendants of a group above is reached"), e);
            case Errno.ENOSPC, Errno.ENOMEM ->
                new KernelRefused(
                        failure.why("the kernel has no more group ids: 65535 memory groups at most are alive or dying"),
                        e);
            default -> new KernelRefused(failure, e);
        };
    }

    CgroupException refused(String operation, String file, String value, ErrnoException e) {
        Failure failure = Failure.of(operation, path.resolve(file)).value(value).errno(e);
        return switch (e.errno()) {
            // To write it may also mean that the value names a device which isn't there.
            case Errno.ENODEV ->
                operation.equals("write") && alive()
                        ? new KernelRefused(failure, e)
                        : new CgroupGone(failure.why("the group was removed"), e);
            case Errno.ENOENT -> {
                requireAlive(operation, file);
                yield new UnsupportedLimit(
                        failure.why(
                                "the controller is not enabled in this group, or this kernel does not know the file"),
                        e);
            }
            case Errno.EACCES, Errno.EPERM, Errno.EROFS -> notDelegated(failure, e);
            default -> new KernelRefused(failure, e);
        };
    }

    private NotDelegated notDelegated(Failure failure, ErrnoException e) {
        String why = Delegation.why(path, host.tree().owner(path), host.user(), e.errno() == Errno.EROFS);
        return new NotDelegated(failure.why(why).hint(Delegation.ways(host.user())), e);
    }

    /** A missing file may mean a missing group, and one that is there may be that of another group. */
    void requireAlive(String operation, String file) {
        if (!alive()) {
            throw new CgroupGone(
                    Failure.of(operation, path.resolve(file)).why("the group was removed, or another has its name"),
                    null);
        }
    }
}
