package dev.corral.reconcile.node;

import dev.corral.ByteSize;
import dev.corral.internal.linux.FileNames;
import dev.corral.internal.linux.LibC;
import dev.corral.reconcile.Key;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * The directories in memory of pods that may outlive the JVM: by namespace, name and volume below one directory, whose path is noted
 * for the next JVM. They go with their pods; while no JVM runs they wait, as what runs of their pods does. Safe for any thread.
 */
final class KeptMemory {
    private static final Set<PosixFilePermission> OWNER = PosixFilePermissions.fromString("rwx------");
    /** Of a directory on which something was mounted; no name of a volume. */
    private static final String MOUNTED = ".mounted-";

    private final Path note;
    private final Path place;
    private Optional<Path> root;

    /**
     * Those of a JVM before this one, if there are any.
     *
     * @param note the file with the path of the directory
     * @param place where the directory is made once it is needed
     */
    KeptMemory(Path note, Path place) {
        this.note = note;
        this.place = place;
        this.root = noted(note).filter(KeptMemory::isOwn);
    }

    /** Empty after a start of the machine too, by which others may have made something of that name. */
    private static Optional<Path> noted(Path note) {
        try {
            return Optional.of(FileNames.path(FileNames.text(Files.readAllBytes(note))));
        } catch (NoSuchFileException none) {
            return Optional.empty();
        } catch (IOException | InvalidPathException unreadable) {
            throw new StateUnusable(note, "it can't be read; what it speaks of may still take memory", unreadable);
        }
    }

    private static boolean isOwn(Path directory) {
        try {
            return Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)
                    && Files.getAttribute(directory, "unix:uid", LinkOption.NOFOLLOW_LINKS)
                            .equals(LibC.effectiveUser())
                    && Files.getPosixFilePermissions(directory, LinkOption.NOFOLLOW_LINKS)
                            .equals(OWNER);
        } catch (IOException gone) {
            return false;
        }
    }

    /**
     * The directory of a volume, which everybody in the pod's containers may write to; made if it is not there.
     *
     * @param most how much it may hold; the kernel sees to it where this JVM may mount
     */
    synchronized Path volume(Key pod, String volume, Optional<ByteSize> most) {
        try {
            Path directory = pod(root(), pod).resolve(volume);
            if (!Files.isDirectory(directory)) { // else it stays as it is: what runs of the pod has it
                Files.createDirectories(directory);
                if (most.isPresent() && BoundedMemory.mount(directory, most.get())) {
                    Files.createFile(mark(directory));
                }
            }
            if (!Files.exists(mark(directory))) {
                Files.setPosixFilePermissions(directory, EnumSet.allOf(PosixFilePermission.class));
            }
            return directory;
        } catch (IOException failed) {
            throw new VolumeUnusable(volume, "no directory can be made for it in memory", failed);
        }
    }

    /** Whether the kernel sees to it that no more is written there than may be. */
    boolean isBounded(Path directory) {
        return BoundedMemory.isMountPoint(directory);
    }

    /**
     * Makes sure that it is the memory which the pod's containers have.
     *
     * @throws VolumeUnusable if that is mounted where this JVM can't see it
     */
    void require(String volume, Path directory) {
        if (Files.exists(mark(directory)) && !isBounded(directory)) {
            throw new VolumeUnusable(
                    volume,
                    "the memory that was mounted on " + directory
                            + " is not there: either somebody has unmounted it, or it"
                            + " is in the mount namespace of the JVM before this one, as under systemd with PrivateTmp= or"
                            + " ProtectSystem=. Delete the pod for a new one, or run the JVM in the host's mount namespace",
                    null);
        }
    }

    private static Path mark(Path directory) {
        return directory.resolveSibling(MOUNTED + directory.getFileName());
    }

    private static Path pod(Path root, Key pod) {
        return root.resolve(pod.namespace()).resolve(pod.name());
    }

    /** Noted before it is made: what is there can be found. */
    private Path root() throws IOException {
        while (root.isEmpty()) {
            Path fresh = place.resolve("corral-kept-" + UUID.randomUUID());
            Files.write(note, FileNames.bytes(fresh));
            root = made(fresh);
        }
        return root.get();
    }

    /** Empty if there is something of that name. */
    private static Optional<Path> made(Path fresh) throws IOException {
        try {
            return Optional.of(Files.createDirectory(fresh, PosixFilePermissions.asFileAttribute(OWNER)));
        } catch (FileAlreadyExistsException taken) {
            return Optional.empty();
        }
    }

    /** Removes those of a pod of which nothing runs any more. */
    synchronized void remove(Key pod) {
        root.map(all -> pod(all, pod)).filter(Files::isDirectory).ifPresent(KeptMemory::remove);
    }

    private static void remove(Path pod) {
        below(pod).stream().filter(BoundedMemory::isMountPoint).forEach(BoundedMemory::release);
        Removal.of(pod);
    }

    /** Removes those of other pods than these. */
    synchronized void keepOnly(Set<Key> pods) {
        for (Path namespace : root.map(KeptMemory::below).orElse(List.of())) {
            for (Path pod : below(namespace)) {
                Key key = new Key(String.valueOf(namespace.getFileName()), String.valueOf(pod.getFileName()));
                if (!pods.contains(key)) {
                    remove(pod);
                }
            }
        }
    }

    private static List<Path> below(Path directory) {
        try (Stream<Path> all = Files.list(directory)) {
            return all.filter(Files::isDirectory).toList();
        } catch (IOException failed) {
            throw new StateUnusable(directory, "it can't be listed", failed);
        }
    }

    /** Removes the directory, unless a pod has something there. */
    synchronized void close() {
        boolean empty = root.map(KeptMemory::below).orElse(List.of()).stream()
                .allMatch(namespace -> below(namespace).isEmpty());
        if (empty) {
            root.ifPresent(Removal::of);
            root = Optional.empty();
        }
    }
}
