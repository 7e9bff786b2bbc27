package dev.corral.namespaces;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.corral.Applied;
import dev.corral.ByteSize;
import dev.corral.Launch;
import dev.corral.MountFlag;
import dev.corral.RootPlan;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The file tree a child gets instead of the JVM's; immutable, to be given to {@link Isolation#root}.
 *
 * <p>It begins {@link #empty()}, {@link #from} a directory, as an {@link #overlay(List)} or as the {@link #hostSystem()},
 * and takes what is mounted and made in it in the order in which it is given, later over earlier. Paths inside are absolute;
 * whatever links are in the tree, none leads out of it. Missing places are made: in the directory itself if the tree began
 * from one. Sources are those that are there when a child starts; a missing one fails the launch, unless the bind is one
 * "if present", which is left out then and told in {@link dev.corral.Child#applied()}.
 *
 * <p>Paths below /proc and /sys that tell about the host, or change it, are hidden or read-only; {@link #unmasked()} leaves
 * that out. Isolation adds /proc unless something is mounted there.
 */
public final class RootFilesystem {
    private static final Path PROC = Path.of("/proc");
    private static final Path DEV = Path.of("/dev");
    private static final Path ROOT = Path.of("/");
    private static final int TEMPORARY = 01777;

    /** What it begins as. */
    private sealed interface Base {
        record Empty() implements Base {}

        record Existing(Path directory) implements Base {}

        record Layers(Mount.Overlay overlay) implements Base {}
    }

    private final Base base;
    private final List<Mount> mounts;
    /** Masks and the like: they come after all mounts. */
    private final List<Mount> covers;

    private final boolean unmasked;
    private final boolean readOnly;

    private RootFilesystem(Base base, List<Mount> mounts, List<Mount> covers, boolean unmasked, boolean readOnly) {
        this.base = base;
        this.mounts = List.copyOf(mounts);
        this.covers = List.copyOf(covers);
        this.unmasked = unmasked;
        this.readOnly = readOnly;
    }

    private static RootFilesystem of(Base base) {
        return new RootFilesystem(base, List.of(), List.of(), false, false);
    }

    /** Begins with an empty tmpfs, which may use half of the host's memory unless a cgroup has a limit. */
    public static RootFilesystem empty() {
        return of(new Base.Empty());
    }

    /**
     * Begins with a directory, what is mounted below it included, and a {@link #dev()}. What the child changes it changes
     * there, as far as it may: a child of a JVM that is root is nobody in particular to the directory's files.
     */
    public static RootFilesystem from(Path directory) {
        return of(new Base.Existing(directory.toAbsolutePath())).dev();
    }

    /**
     * Begins with directories laid over one another, the first on top, and a {@link #dev()}. Changes are kept in memory and
     * go away with the child. The directories have to be readable for the user that root inside is outside.
     */
    public static RootFilesystem overlay(List<Path> lower) {
        return of(new Base.Layers(new Mount.Overlay(ROOT, lower, Optional.empty())))
                .dev();
    }

    /**
     * The same with changes that are kept in a directory, for one child at a time.
     *
     * @param upper where changes go; on a file system that takes them, and writable for the user that root inside is outside
     * @param work an empty directory on the same file system, for the kernel
     */
    public static RootFilesystem overlay(List<Path> lower, Path upper, Path work) {
        return of(new Base.Layers(new Mount.Overlay(ROOT, lower, Optional.of(new Mount.Upper(upper, work)))))
                .dev();
    }

    /**
     * The host's programs and settings, read-only, everything else private and empty: /usr, /etc and what stands beside
     * /usr (/bin, /sbin, /lib, …, links where the host has links); a small /dev, /tmp, /var/tmp, /run, /home and /root. The
     * links are looked up now, the files when a child starts. What of /etc the mapped user may read outside it may read
     * inside.
     */
    public static RootFilesystem hostSystem() {
        return HostSystem.read(ROOT);
    }

    /** Shows a file or directory of the JVM's, and lets it be changed; without set-user-ID and devices. */
    public RootFilesystem bind(Path source, Path target) {
        return bind(source, target, Mount.HARMLESS);
    }

    /** The same, read-only with all that is mounted below. */
    public RootFilesystem bindReadOnly(Path source, Path target) {
        return bind(source, target, Mount.READ_ONLY);
    }

    /** The same with just these flags. */
    public RootFilesystem bind(Path source, Path target, Set<MountFlag> flags) {
        return and(new Mount.Bind(source, target, flags, false));
    }

    /** A {@link #bind(Path, Path)} that is left out when there is no such source. */
    public RootFilesystem bindIfPresent(Path source, Path target) {
        return and(new Mount.Bind(source, target, Mount.HARMLESS, true));
    }

    /** A {@link #bindReadOnly} that is left out when there is no such source. */
    public RootFilesystem bindReadOnlyIfPresent(Path source, Path target) {
        return and(new Mount.Bind(source, target, Mount.READ_ONLY, true));
    }

    /** An empty file system in memory that anybody may write to (mode 1777), bounded as {@link #empty()} is. */
    public RootFilesystem tmpfs(Path target) {
        return and(new Mount.Tmpfs(target, Optional.empty(), TEMPORARY));
    }

    /**
     * The same with a bound and a mode.
     *
     * @param mode permission bits, 0 to 07777
     */
    public RootFilesystem tmpfs(Path target, ByteSize size, int mode) {
        return and(new Mount.Tmpfs(target, Optional.of(size), mode));
    }

    /** A directory with these permission bits, made where missing. */
    public RootFilesystem directory(Path target, int mode) {
        return and(new Mount.Directory(target, mode));
    }

    /** A symbolic link; what it points to need not be there. Something else of that name fails the launch. */
    public RootFilesystem symlink(Path target, String pointsTo) {
        return and(new Mount.Symlink(target, pointsTo));
    }

    /** A file with this content, kept in memory, over one that is there. */
    public RootFilesystem file(Path target, byte[] content, int mode) {
        return and(new Mount.Content(target, content, mode));
    }

    /** The same with text in UTF-8 that everybody may read (mode 0644). */
    public RootFilesystem file(Path target, String content) {
        return file(target, content.getBytes(UTF_8), 0644);
    }

    /** An overlay with throw-away changes somewhere in the tree; see {@link #overlay(List)}. */
    public RootFilesystem overlay(Path target, List<Path> lower) {
        return and(new Mount.Overlay(target, lower, Optional.empty()));
    }

    /** An overlay whose changes are kept; see {@link #overlay(List, Path, Path)}. */
    public RootFilesystem overlay(Path target, List<Path> lower, Path upper, Path work) {
        return and(new Mount.Overlay(target, lower, Optional.of(new Mount.Upper(upper, work))));
    }

    /**
     * /dev with null, zero, full, random, urandom and tty of the host, terminals of its own (devpts), a tmpfs as shm, and
     * the usual links.
     */
    public RootFilesystem dev() {
        return and(new Mount.Kernel(Mount.Kernel.Type.DEV, DEV));
    }

    /** The processes of the new pid namespace, at /proc. Needs {@link NamespaceType#PID}. */
    public RootFilesystem proc() {
        return and(new Mount.Kernel(Mount.Kernel.Type.PROC, PROC));
    }

    /** The kernel's objects, read-only, at /sys. Needs {@link NamespaceType#NET}. */
    public RootFilesystem sysfs() {
        return and(new Mount.Kernel(Mount.Kernel.Type.SYSFS, Path.of("/sys")));
    }

    /** The version 2 control groups from its own one down, read-only. Needs {@link NamespaceType#CGROUP}. */
    public RootFilesystem cgroup2(Path target) {
        return and(new Mount.Kernel(Mount.Kernel.Type.CGROUP2, target));
    }

    /** POSIX message queues. Needs {@link NamespaceType#IPC}. */
    public RootFilesystem mqueue(Path target) {
        return and(new Mount.Kernel(Mount.Kernel.Type.MQUEUE, target));
    }

    /** Terminals of its own; {@link #dev()} has them already. */
    public RootFilesystem devpts(Path target) {
        return and(new Mount.Kernel(Mount.Kernel.Type.DEVPTS, target));
    }

    /** Hides a file or directory, if it is there, once everything is mounted: it is empty then, and stays so. */
    public RootFilesystem mask(Path target) {
        return covered(new Mount.Mask(target));
    }

    /** Makes a file or directory read-only with all below it, if it is there, once everything is mounted. */
    public RootFilesystem readOnly(Path target) {
        return covered(new Mount.ReadOnly(target));
    }

    /** Makes the root itself read-only; what is mounted on it stays as it is. */
    public RootFilesystem readOnlyRoot() {
        return new RootFilesystem(base, mounts, covers, unmasked, true);
    }

    /**
     * Leaves the host's parts of /proc and /sys as the kernel shows them: a risk, for a child that is trusted with the
     * host. What {@link #mask} and {@link #readOnly} say holds. Kubernetes calls it {@code procMount: Unmasked}.
     */
    public RootFilesystem unmasked() {
        return new RootFilesystem(base, mounts, covers, true, readOnly);
    }

    /** Without what was to be mounted, made, masked or read-only at just this path; the same if there is nothing. */
    public RootFilesystem without(Path target) {
        return new RootFilesystem(base, others(mounts, target), others(covers, target), unmasked, readOnly);
    }

    private static List<Mount> others(List<Mount> mounts, Path target) {
        return mounts.stream().filter(mount -> !mount.target().equals(target)).toList();
    }

    private RootFilesystem and(Mount mount) {
        return new RootFilesystem(base, joined(mounts, mount), covers, unmasked, readOnly);
    }

    private RootFilesystem covered(Mount cover) {
        return new RootFilesystem(base, mounts, joined(covers, cover), unmasked, readOnly);
    }

    private static List<Mount> joined(List<Mount> mounts, Mount more) {
        return Stream.concat(mounts.stream(), Stream.of(more)).toList();
    }

    boolean hasProc() {
        return mounts.stream().anyMatch(RootFilesystem::isProc);
    }

    private static boolean isProc(Mount mount) {
        return mount instanceof Mount.Kernel kernel && kernel.type() == Mount.Kernel.Type.PROC;
    }

    /** Adds this tree to a launch, with a /proc if one is wanted and the tree brings none. */
    void prepare(Launch launch, boolean proc, ProcChoice choice) {
        RootPlan plan = launch.root();
        if (base instanceof Base.Existing existing) {
            plan.directory(existing.directory());
        } else {
            plan.empty();
        }
        if (base instanceof Base.Layers layers) {
            layers.overlay().addTo(plan);
        }
        List<Mount> all = new ArrayList<>();
        if (proc && mounts.stream().noneMatch(mount -> mount.target().equals(PROC))) {
            all.add(new Mount.Kernel(Mount.Kernel.Type.PROC, PROC));
        }
        all.addAll(present(launch));
        all.replaceAll(mount -> isProc(mount) ? choice.at(mount.target()) : mount);
        if (!unmasked) {
            all.addAll(KernelPaths.hidden(!(base instanceof Base.Empty), all));
        }
        all.addAll(covers);
        all.forEach(mount -> mount.addTo(plan));
        if (readOnly) {
            plan.readOnly();
        }
    }

    /** The mounts that can be had; of those that need not be there the launch is told what became of them. */
    private List<Mount> present(Launch launch) {
        List<Mount> present = new ArrayList<>();
        List<Applied.Entry> told = new ArrayList<>();
        for (Mount mount : mounts) {
            boolean absent = mount instanceof Mount.Bind bind && bind.isLeftOut();
            if (!absent) {
                present.add(mount);
            }
            if (mount instanceof Mount.Bind bind && bind.optional()) {
                told.add(new Applied.Entry(
                        "bind",
                        bind.toString(),
                        Optional.empty(),
                        absent ? Optional.empty() : Optional.of(bind.toString()),
                        absent ? "left out: there is no " + bind.source() : ""));
            }
        }
        if (!told.isEmpty()) {
            launch.provide(new Applied(told));
        }
        return present;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RootFilesystem that
                && base.equals(that.base)
                && mounts.equals(that.mounts)
                && covers.equals(that.covers)
                && unmasked == that.unmasked
                && readOnly == that.readOnly;
    }

    @Override
    public int hashCode() {
        return Objects.hash(base, mounts, covers, unmasked, readOnly);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("RootFilesystem[");
        if (base instanceof Base.Existing existing) {
            text.append(existing.directory());
        } else {
            text.append(base instanceof Base.Layers layers ? layers.overlay().toString() : "empty");
        }
        mounts.forEach(mount -> text.append("; ").append(mount));
        covers.forEach(cover -> text.append("; ").append(cover));
        return text.append(unmasked ? "; unmasked" : "")
                .append(readOnly ? "; root read-only" : "")
                .append(']')
                .toString();
    }
}
