package dev.corral;

import dev.corral.internal.launch.LaunchPlan.MountKind;
import dev.corral.internal.linux.FileNames;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The file tree of one launch while confinements add to it. Entries are carried out in their order, each on top of those
 * before; targets are absolute paths as the child will see them, and never lead out of the tree, whatever links are in it.
 * What is missing of a target is made: on a file system of the JVM's host only if the tree is a directory of it.
 *
 * <p>Belongs to the thread that starts the command, as the {@link Launch} does.
 */
public final class RootPlan {
    private static final int MOST_MODE = 07777;
    private static final int TEMPORARY = 32;
    /** What the launcher takes. */
    private static final int MOST_ENTRIES = 65_536;

    private static final int MOST_LAYERS = 128;
    /** Which directory of an overlay one is: {@code enum plan_layer}. */
    static final int LOWER = 0;

    private static final int UPPER = 1;
    private static final int WORK = 2;

    /** What may have the root as its target. */
    private static final Set<MountKind> TOPS = Set.of(MountKind.OVERLAY, MountKind.LAYER, MountKind.DIRECTORY);

    /** One entry; what it is made from is a path of the JVM, or content. */
    record Entry(
            MountKind kind,
            int flags,
            Path target,
            Optional<Path> source,
            String text,
            String data,
            Optional<byte[]> content,
            int mode) {}

    private final List<Entry> entries = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();
    private Optional<Path> directory = Optional.empty();
    private boolean fresh;
    private boolean readOnly;

    RootPlan() {}

    /** Begins with an empty tmpfs instead of the JVM's tree. */
    public RootPlan empty() {
        chosen();
        fresh = true;
        return this;
    }

    /** Begins with a directory instead of the JVM's tree; what is mounted below it comes along. */
    public RootPlan directory(Path path) {
        chosen();
        directory = Optional.of(path.toAbsolutePath());
        return this;
    }

    private void chosen() {
        if (fresh || directory.isPresent()) {
            problems.add("two confinements choose its root");
        }
    }

    /** Makes the root itself read-only at the end; what is mounted on it stays as it is. */
    public RootPlan readOnly() {
        readOnly = true;
        return this;
    }

    /** Shows a file or directory of the JVM's tree. */
    public RootPlan bind(Path source, Path target, Set<MountFlag> flags) {
        Path absolute = source.toAbsolutePath();
        return add(new Entry(
                MountKind.BIND,
                bits(flags),
                target,
                Optional.of(absolute),
                FileNames.text(absolute),
                "",
                Optional.empty(),
                0));
    }

    /** An empty file system in memory; without a size half of the host's memory is the bound, unless a cgroup has one. */
    public RootPlan tmpfs(Path target, Optional<ByteSize> size, int mode, Set<MountFlag> flags) {
        String data = size.map(bytes -> Long.toString(bytes.bytes())).orElse("");
        return add(new Entry(
                MountKind.TMPFS, bits(flags), target, Optional.empty(), "", data, Optional.empty(), checkedMode(mode)));
    }

    /** The processes of the new pid namespace. */
    public RootPlan proc(Path target) {
        return add(plain(MountKind.PROC, target));
    }

    /** The kernel's objects, read-only; takes a network namespace of its own. */
    public RootPlan sysfs(Path target) {
        return add(plain(MountKind.SYSFS, target, MountFlag.READ_ONLY.bit()));
    }

    /** POSIX message queues; takes an ipc namespace of its own. */
    public RootPlan mqueue(Path target) {
        return add(plain(MountKind.MQUEUE, target));
    }

    /** The version 2 control groups from its own one down, read-only; takes a cgroup namespace of its own. */
    public RootPlan cgroup2(Path target) {
        return add(plain(MountKind.CGROUP2, target, MountFlag.READ_ONLY.bit()));
    }

    /** Terminals of its own. */
    public RootPlan devpts(Path target) {
        return add(plain(MountKind.DEVPTS, target));
    }

    /** A small /dev: null, zero, full, random, urandom, tty, terminals of its own, shm, the usual links. */
    public RootPlan dev(Path target) {
        return add(plain(MountKind.DEV, target));
    }

    /** A directory, made where missing. */
    public RootPlan makeDirectory(Path target, int mode) {
        return add(new Entry(
                MountKind.DIRECTORY, 0, target, Optional.empty(), "", "", Optional.empty(), checkedMode(mode)));
    }

    /** A symbolic link; something else of that name is an error. */
    public RootPlan symlink(Path target, String pointsTo) {
        Texts.check("link", pointsTo);
        return add(new Entry(MountKind.SYMLINK, 0, target, Optional.empty(), pointsTo, "", Optional.empty(), 0));
    }

    /** A file with this content, in memory whatever lies below. */
    public RootPlan file(Path target, byte[] content, int mode) {
        return add(new Entry(
                MountKind.FILE, 0, target, Optional.empty(), "", "", Optional.of(content.clone()), checkedMode(mode)));
    }

    /**
     * Directories laid over one another, the first on top; changes go to {@code upper}, or nowhere. They have to be readable
     * for the user that root inside is outside.
     *
     * @param upper where changes go, with an empty directory of the same file system for the kernel's work beside it; without
     *     them the tree is read-only
     */
    public RootPlan overlay(Path target, List<Path> lower, Optional<Path> upper, Optional<Path> work) {
        // The kernel wants two directories at least; one alone gets an upper one that nobody can write to.
        int alone = lower.size() == 1 ? TEMPORARY : 0;
        layers(target, lower, upper, work);
        return add(plain(MountKind.OVERLAY, target, upper.isPresent() ? 0 : MountFlag.READ_ONLY.bit() | alone));
    }

    /** The same with changes that go to memory, and away with the child. */
    public RootPlan temporaryOverlay(Path target, List<Path> lower) {
        layers(target, lower, Optional.empty(), Optional.empty());
        return add(plain(MountKind.OVERLAY, target, TEMPORARY));
    }

    private void layers(Path target, List<Path> lower, Optional<Path> upper, Optional<Path> work) {
        int all = lower.size() + (upper.isPresent() ? 2 : 0);
        if (lower.isEmpty() || all > MOST_LAYERS) {
            throw new IllegalArgumentException(
                    "an overlay of " + all + " directories: it needs a lower one, and has " + MOST_LAYERS + " at most");
        }
        lower.forEach(path -> add(layer(target, path, LOWER)));
        upper.ifPresent(path -> add(layer(target, path, UPPER)));
        work.ifPresent(path -> add(layer(target, path, WORK)));
    }

    private static Entry layer(Path target, Path source, int which) {
        Path absolute = source.toAbsolutePath();
        return new Entry(
                MountKind.LAYER,
                0,
                target,
                Optional.of(absolute),
                FileNames.text(absolute),
                "",
                Optional.empty(),
                which);
    }

    /** Hides a file or a directory, if it is there. */
    public RootPlan mask(Path target) {
        return add(plain(MountKind.MASK, target));
    }

    /** Makes a file or a directory read-only with all below it, if it is there. */
    public RootPlan readOnly(Path target) {
        return add(plain(MountKind.READ_ONLY, target));
    }

    private static Entry plain(MountKind kind, Path target) {
        return plain(kind, target, 0);
    }

    private static Entry plain(MountKind kind, Path target, int flags) {
        return new Entry(kind, flags, target, Optional.empty(), "", "", Optional.empty(), 0);
    }

    private RootPlan add(Entry entry) {
        Path target = entry.target();
        Texts.check("path", target.toString());
        if (!target.isAbsolute() || !target.equals(target.normalize())) {
            throw new IllegalArgumentException(
                    "target " + target + ": it has to be an absolute path without \".\" and \"..\"");
        }
        if (isTop(target) && !TOPS.contains(entry.kind())) {
            throw new IllegalArgumentException(
                    "target /: what covers the root hides all else; choose the root itself by"
                            + " directory, by empty, or by an overlay");
        }
        entries.add(entry);
        return this;
    }

    private static boolean isTop(Path target) {
        return target.getParent() == null;
    }

    private static int checkedMode(int mode) {
        if (mode < 0 || mode > MOST_MODE) {
            throw new IllegalArgumentException("mode " + Integer.toOctalString(mode) + ": it lies between 0 and 7777");
        }
        return mode;
    }

    private static int bits(Set<MountFlag> flags) {
        return flags.stream().mapToInt(MountFlag::bit).sum();
    }

    List<Entry> entries() {
        return entries;
    }

    Optional<Path> directory() {
        return directory;
    }

    boolean isFresh() {
        return fresh;
    }

    boolean isNew() {
        return fresh || directory.isPresent();
    }

    boolean isReadOnly() {
        return readOnly;
    }

    boolean isUsed() {
        return isNew() || readOnly || !entries.isEmpty();
    }

    boolean hasProc() {
        return entries.stream().anyMatch(entry -> entry.kind() == MountKind.PROC);
    }

    /** How many descriptors the launcher gets for it. */
    int descriptors() {
        long ofEntries = entries.stream()
                .filter(entry -> entry.source().isPresent() || entry.content().isPresent())
                .count();
        return (int) ofEntries + (directory.isPresent() ? 1 : 0);
    }

    void problems(List<String> all) {
        all.addAll(problems);
        if (readOnly && !isNew()) {
            all.add("a read-only root has to be a root of its own");
        }
        if (!fresh && entries.stream().anyMatch(entry -> entry.kind() == MountKind.OVERLAY && isTop(entry.target()))) {
            all.add("an overlay can be the root only where that is empty");
        }
        if (entries.size() > MOST_ENTRIES) {
            all.add("its file tree has " + entries.size() + " entries; the launcher takes " + MOST_ENTRIES);
        }
    }
}
