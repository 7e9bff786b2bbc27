package dev.corral.cgroups;

import dev.corral.internal.linux.Errno;
import dev.corral.internal.linux.ErrnoException;
import dev.corral.internal.linux.FileNames;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One group in one hierarchy: a directory, bound to the incarnation it had when it was met.
 *
 * @param inode the kernel's id of the group
 */
record GroupDirectory(Host host, Hierarchy hierarchy, Path path, long inode) {
    private static final long SELF = ProcessHandle.current().pid();

    /** The world outside, which may hold the directory, is of no matter. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other == this
                || (other instanceof GroupDirectory directory
                        && inode == directory.inode
                        && path.equals(directory.path));
    }

    @Override
    public int hashCode() {
        return Long.hashCode(inode) + 31 * path.hashCode();
    }

    /** The group that a directory is now; empty if there is none. */
    static Optional<GroupDirectory> at(Host host, Hierarchy hierarchy, Path path) {
        return inode(host.tree(), path).map(inode -> new GroupDirectory(host, hierarchy, path, inode));
    }

    private static Optional<Long> inode(Tree tree, Path path) {
        try {
            return tree.inode(path);
        } catch (ErrnoException e) {
            Failure failure = Failure.of("find", path).errno(e);
            throw new KernelRefused(
                    e.errno() == Errno.ENAMETOOLONG ? failure.why("the path is too long for the kernel") : failure, e);
        }
    }

    /** What somebody said of the group in an extended attribute; empty as well if this user may not read it. */
    Optional<String> mark(String name) {
        try {
            return host.tree().attribute(path, name);
        } catch (ErrnoException e) {
            return Optional.empty();
        }
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

    /** Some files can only be written, and Linux 6.1 answers EINVAL to whoever reads them. */
    boolean exists(String file) {
        boolean found = host.tree().exists(path, file);
        if (!found) {
            requireAlive("list", file);
        }
        return found;
    }

    /** The whole text of a control file; empty if this kernel or this group does not have it. */
    Optional<String> text(String file) {
        try {
            Optional<String> text = host.tree().value(path, file);
            if (text.isEmpty()) {
                requireAlive("read", file);
            }
            return text;
        } catch (ErrnoException e) {
            throw refusal().refused("read", file, "", e);
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
                                + " or this kernel does not know the file"
                                + FirstLinux.told(hierarchy.unified(), file)),
                null);
    }

    /** Writes one value with its newline, to this group and no later one of its name. */
    void write(String file, String value) {
        try {
            put(file, value);
        } catch (ErrnoException e) {
            throw refusal().refused("write", file, value, e);
        }
    }

    /** Holds the directory, for who does more than one thing with its files, {@link #through} it. */
    Held hold(String operation) {
        try {
            return host.tree().hold(path, inode);
        } catch (ErrnoException e) {
            if (e.errno() == Errno.ENOENT || e.errno() == Errno.ENODEV) {
                throw Refusal.gone(Failure.of(operation, path), e);
            }
            throw new KernelRefused(Failure.of(operation, path).errno(e), e);
        }
    }

    /** The same group, whose files are reached through the directory that is held. */
    GroupDirectory through(Held held) {
        return new GroupDirectory(host.through(held), hierarchy, path, inode);
    }

    /** The same group for a handle, which may outlive it: what another one of its name says is not taken for its own. */
    GroupDirectory bound() {
        return new GroupDirectory(host.through(new Bound(host.tree(), path, inode)), hierarchy, path, inode);
    }

    /** The file to be read, written and read back. */
    Edit edit(String file) {
        try {
            return host.tree().edit(path, inode, file);
        } catch (ErrnoException e) {
            if (e.errno() == Errno.ENOENT || e.errno() == Errno.ENODEV) {
                throw Refusal.gone(Failure.of("write", path.resolve(file)), e);
            }
            throw refusal().refused("write", file, "", e);
        }
    }

    /** The same for who explains the kernel's answer better. */
    void put(String file, String value) {
        host.tree().write(path, inode, file, value + "\n");
    }

    /** The processes in this group, without those of groups below it; none if it is gone. */
    List<Long> pids() {
        try {
            return numbers("cgroup.procs");
        } catch (ErrnoException e) {
            // a threaded group, whose processes are listed by the group above it
            if (e.errno() == Errno.EOPNOTSUPP) {
                return threads().stream()
                        .flatMap(thread -> host.processes().processOf(thread).stream())
                        .distinct()
                        .sorted()
                        .toList();
            }
            throw refusal().refused("read", "cgroup.procs", "", e);
        }
    }

    /** The threads in this group, without those of groups below it, ascending; none if it is gone. */
    List<Long> threads() {
        String file = hierarchy.unified() ? "cgroup.threads" : "tasks";
        try {
            return numbers(file);
        } catch (ErrnoException e) {
            throw refusal().refused("read", file, "", e);
        }
    }

    private List<Long> numbers(String file) {
        try {
            return host.tree()
                    .read(path.resolve(file))
                    .map(text -> text.lines()
                            .map(KernelNumber::parse)
                            .flatMap(Optional::stream)
                            .distinct()
                            .sorted()
                            .toList())
                    .orElse(List.of());
        } catch (ErrnoException e) {
            if (e.errno() == Errno.ENODEV) {
                return List.of();
            }
            throw e;
        }
    }

    /** The processes in this group and in all groups below it, ascending; none if it is gone. */
    List<Long> members() {
        return tree().stream()
                .flatMap(group -> group.pids().stream())
                .distinct()
                .sorted()
                .toList();
    }

    /** Refuses what would stop this JVM, or a thread of it, which could not end that itself. */
    void spareThisJvm(String operation) {
        if (members().contains(SELF)) {
            throw new HoldsThisJvm(Failure.of(operation, path)
                    .why("this JVM, pid " + SELF
                            + ", or a thread of it, is in the group or in one below, and would stand"
                            + " still with it for good")
                    .hint("move it to another group first"));
        }
    }

    /** This group and all below it, each before those it holds; none if it is gone. */
    List<GroupDirectory> tree() {
        return alive()
                ? below(path).stream()
                        .flatMap(directory -> at(host, hierarchy, directory).stream())
                        .toList()
                : List.of();
    }

    /** What is found in a group that is somebody else's, who may remove it meanwhile; empty then. */
    <T> Optional<T> ifThere(Function<GroupDirectory, Optional<T>> look) {
        try {
            return look.apply(this);
        } catch (CgroupGone e) {
            return Optional.empty();
        }
    }

    /** The groups in this one. */
    List<GroupDirectory> children() {
        return listed(path).stream()
                .flatMap(directory -> at(host, hierarchy, directory).stream())
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

    /** The group above; empty where the hierarchy is mounted. */
    Optional<GroupDirectory> above() {
        Path above = path.getParent();
        return above != null && hierarchy.own() instanceof Place.At at && above.startsWith(at.mountPoint())
                ? at(host, hierarchy, above)
                : Optional.empty();
    }

    /** Whether the path still leads to this group. */
    boolean alive() {
        Optional<Long> now = inode(host.tree(), path);
        return now.isPresent() && now.get() == inode;
    }

    /** Whether it is sure that the path leads to this group no more: a user who may not look does not know. */
    boolean gone() {
        try {
            return !alive();
        } catch (CgroupException notToBeSeen) {
            return false;
        }
    }

    /** A file that is missing may mean a missing group, and one that is there may be that of another group. */
    void requireAlive(String operation, String file) {
        if (!alive()) {
            throw Refusal.gone(Failure.of(operation, path.resolve(file)), null);
        }
    }

    /** The group of that name in this one; empty if there is none. */
    Optional<GroupDirectory> child(Path name) {
        return at(host, hierarchy, path.resolve(name));
    }

    /** Makes a group in this one. */
    GroupDirectory child(String name) {
        Path directory = FileNames.in(path, name);
        try {
            host.tree().mkdir(directory);
        } catch (ErrnoException e) {
            throw refusal().notMade(directory, e);
        }
        return at(host, hierarchy, directory)
                .orElseThrow(
                        () -> new CgroupGone(Failure.of("create", directory).why("somebody removed it at once"), null));
    }

    /** Removes the group and those below it, the deepest first; what failed, empty when all of it is gone. */
    Optional<ErrnoException> remove() {
        List<Path> directories = alive() ? below(path) : List.of();
        Optional<ErrnoException> failed = Optional.empty();
        for (int i = directories.size() - 1; i >= 0; i--) {
            Optional<ErrnoException> failure = rmdir(directories.get(i));
            failed = failure.isPresent() ? failure : failed;
        }
        return failed;
    }

    /** Removes the group, which must hold no other one; what failed, empty when it is gone. */
    Optional<ErrnoException> removeAlone() {
        return alive() ? rmdir(path) : Optional.empty();
    }

    private Optional<ErrnoException> rmdir(Path directory) {
        try {
            host.tree().rmdir(directory);
            return Optional.empty();
        } catch (ErrnoException e) {
            return e.errno() == Errno.ENOENT || e.errno() == Errno.ENODEV ? Optional.empty() : Optional.of(e);
        }
    }

    Refusal refusal() {
        return new Refusal(this);
    }

    private List<Path> below(Path top) {
        List<Path> found = new ArrayList<>(List.of(top));
        for (int i = 0; i < found.size(); i++) {
            found.addAll(listed(found.get(i)));
        }
        return found;
    }

    private List<Path> listed(Path directory) {
        try {
            return host.tree().children(directory);
        } catch (ErrnoException e) {
            throw new KernelRefused(Failure.of("list", directory).errno(e), e);
        }
    }
}
