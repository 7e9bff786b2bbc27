package dev.corral.reconcile.node;

import dev.corral.ByteSize;
import dev.corral.reconcile.Key;
import dev.corral.reconcile.workload.ContainerRuntime;
import dev.corral.reconcile.workload.Quantity;
import dev.corral.reconcile.workload.VolumeSource;
import dev.corral.reconcile.workload.VolumeSource.Medium;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * The directories of pods and claims. What lies in them is written by whatever ids containers run as; only this JVM's user can
 * get there. All but the claims of a directory that was given go with this, or with the JVM. Safe for any thread.
 */
final class Storage implements AutoCloseable {
    private final Map<Medium, Path> places;
    private final Optional<Path> kept;
    private final Optional<KeptVolumes> keptVolumes;
    private final Map<Medium, Path> roots = new EnumMap<>(Medium.class);
    private final Map<String, Integer> pods = new HashMap<>();
    private final BoundedMemory bounded = new BoundedMemory();
    private @Nullable Janitor janitor;
    private int next;

    /**
     * Makes nothing yet.
     *
     * @param temporary where directories on disk are made
     * @param memory where directories in memory are made
     * @param claims where those of claims are, and stay; empty for temporary ones
     * @param keptVolumes where those are of pods that may outlive this, and by whom they are removed; empty if none may
     */
    Storage(Path temporary, Path memory, Optional<Path> claims, Optional<KeptVolumes> keptVolumes) {
        this.places = Map.of(Medium.DISK, temporary, Medium.MEMORY, memory);
        this.kept = claims;
        this.keptVolumes = keptVolumes;
    }

    /**
     * Where the directories of pods' volumes are that may outlive the JVM.
     *
     * @param disk gives that of a pod's volume on disk
     */
    record KeptVolumes(BiFunction<Key, String, Path> disk, KeptMemory memory) {}

    /** The directory of a pod's volume, made when asked for the first time. */
    synchronized Path emptyDir(ContainerRuntime.Identity run, String volume, VolumeSource.EmptyDir source) {
        Optional<ByteSize> most = source.sizeLimit().map(Quantity::bytes);
        if (keptVolumes.isPresent()) {
            Key pod = new Key(run.namespace(), run.pod());
            return source.medium() == Medium.DISK
                    ? keptVolumes.get().disk().apply(pod, volume)
                    : keptVolumes.get().memory().volume(pod, volume, most);
        }
        Path directory = emptyDir(run.uid(), volume, source.medium());
        if (source.medium() == Medium.MEMORY) {
            most.ifPresent(bytes -> bounded.bound(directory, bytes));
        }
        return directory;
    }

    /**
     * Makes sure that a directory is the one that the pod's containers have had so far.
     *
     * @throws VolumeUnusable if that can't be reached
     */
    void require(String volume, Path directory) {
        keptVolumes.ifPresent(kept -> kept.memory().require(volume, directory));
    }

    /** Whether no more can be written there than its limit allows; else somebody has to look. */
    synchronized boolean isBounded(Path directory) {
        return bounded.has(directory)
                || keptVolumes
                        .filter(kept -> kept.memory().isBounded(directory))
                        .isPresent();
    }

    private Path emptyDir(String uid, String volume, Medium medium) {
        int number = pods.computeIfAbsent(uid, any -> next++);
        Path pod = directory(root(medium).resolve("pod-" + number), false);
        return directory(pod.resolve(volume), true);
    }

    /** The directory of a claim, made when asked for the first time. */
    synchronized Path claim(String name) {
        return directory(claims().resolve(name), true);
    }

    /** Whether a pod has files here. */
    synchronized boolean holds(String uid) {
        return pods.containsKey(uid);
    }

    /** Removes what belongs to a pod, of which nothing runs any more. */
    void remove(String uid) {
        List<Path> gone;
        synchronized (this) {
            Integer number = pods.remove(uid);
            gone = number == null
                    ? List.of()
                    : roots.values().stream()
                            .map(root -> root.resolve("pod-" + number))
                            .toList();
            gone.forEach(bounded::remove);
        }
        gone.forEach(Removal::of);
    }

    /** Removes the directory of a claim; nothing happens if it has none. */
    void removeClaim(String name) {
        Optional<Path> directory;
        synchronized (this) {
            directory = kept.isPresent() || roots.containsKey(Medium.DISK)
                    ? Optional.of(claims().resolve(name))
                    : Optional.empty();
        }
        directory.filter(Files::isDirectory).ifPresent(Removal::of);
    }

    private Path claims() {
        Path all = kept.orElseGet(() -> root(Medium.DISK).resolve("claims"));
        return directory(all, false);
    }

    /** Made only when needed; from then on a janitor stands by. */
    private Path root(Medium medium) {
        Path known = roots.get(medium);
        if (known != null) {
            return known;
        }
        try {
            Path made = Files.createTempDirectory(places.get(medium), "corral-pods-");
            roots.put(medium, made);
            Janitor former = janitor;
            janitor = Janitor.of(List.copyOf(roots.values()));
            if (former != null) {
                former.close();
            }
            return made;
        } catch (IOException failed) {
            throw new UncheckedIOException("no directory for volumes can be made in " + places.get(medium), failed);
        }
    }

    private static Path directory(Path path, boolean open) {
        try {
            Files.createDirectory(path);
            Files.setPosixFilePermissions(
                    path,
                    open
                            ? EnumSet.allOf(PosixFilePermission.class)
                            : EnumSet.of(
                                    PosixFilePermission.OWNER_READ,
                                    PosixFilePermission.OWNER_WRITE,
                                    PosixFilePermission.OWNER_EXECUTE));
        } catch (FileAlreadyExistsException there) {
            return path;
        } catch (IOException failed) {
            throw new UncheckedIOException(path + " can't be made for a volume", failed);
        }
        return path;
    }

    /** Removes everything but what was to be kept. */
    @Override
    public void close() {
        List<Path> all;
        Janitor standing;
        synchronized (this) {
            all = List.copyOf(roots.values());
            all.forEach(bounded::remove);
            roots.clear();
            pods.clear();
            standing = janitor;
            janitor = null;
        }
        all.forEach(Removal::of);
        if (standing != null) {
            standing.close();
        }
    }
}
