package dev.corral.reconcile.node;

import dev.corral.internal.linux.FileNames;
import dev.corral.reconcile.Key;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Where is written down what runs, for the control plane after this one: for each container the record of its newest run, the
 * file of its end and that of its output. Belongs to one control plane at a time; the kernel's lock on a file sees to that, and
 * goes with its JVM. Safe for any thread.
 */
final class StateDirectory implements AutoCloseable {
    private static final String RUN = "run";
    /** No name of a container. */
    private static final String VOLUMES = ".volumes";
    /** No name of a container either. */
    private static final String LEAVING = ".leaving";

    private final Path directory;
    private final FileChannel channel;
    private final KeptMemory memory;

    private StateDirectory(Path directory, FileChannel channel) {
        this.directory = directory;
        this.channel = channel;
        this.memory = new KeptMemory(directory.resolve("memory"), Path.of("/dev/shm"));
    }

    /**
     * Makes it, if it is not there, and takes it.
     *
     * @throws StateInUse if another control plane has it
     * @throws StateUnusable if it can't be made
     */
    static StateDirectory open(Path directory) {
        try {
            Files.createDirectories(directory);
            // Whoever can write here says which processes are to be ended.
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
            FileChannel channel =
                    FileChannel.open(directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            try {
                FileLock lock = channel.tryLock();
                if (lock == null) {
                    throw new StateInUse(directory, null);
                }
                return new StateDirectory(directory, channel);
            } catch (OverlappingFileLockException inThisJvm) {
                channel.close();
                throw new StateInUse(directory, inThisJvm);
            } catch (RuntimeException | IOException failed) {
                channel.close();
                throw failed;
            }
        } catch (FileAlreadyExistsException file) {
            throw new StateUnusable(
                    directory, "it is a file: name a directory, or a place where one can be made", file);
        } catch (IOException failed) {
            throw new StateUnusable(
                    directory, "this user can't make the directory, or can't use it: " + failed, failed);
        }
    }

    /** All there is; one that can't be read is not passed over, because nobody would ever end what it speaks of. */
    List<RunRecord> records() {
        List<RunRecord> all = new ArrayList<>();
        Path pods = directory.resolve("pods");
        if (!Files.isDirectory(pods)) {
            return all;
        }
        try (Stream<Path> files =
                Files.find(pods, 4, (path, attributes) -> attributes.isRegularFile() && path.endsWith(RUN))) {
            for (Path file : files.toList()) {
                all.add(read(file));
            }
        } catch (IOException failed) {
            throw new StateUnusable(pods, "it can't be listed", failed);
        }
        return all;
    }

    private static RunRecord read(Path file) {
        try {
            return RunRecord.parse(FileNames.text(Files.readAllBytes(file)));
        } catch (IOException | IllegalArgumentException | DateTimeException wrong) {
            throw new StateUnusable(
                    file, "it can't be read: " + wrong.getMessage() + "; what it speaks of may still run", wrong);
        }
    }

    /** The directory of a container, made if it is not there. */
    private Path place(Key pod, String container) {
        Path place = pod(pod).resolve(container);
        try {
            return Files.createDirectories(place);
        } catch (IOException failed) {
            throw new StateUnusable(place, "the directory can't be made", failed);
        }
    }

    private Path pod(Key pod) {
        return directory.resolve("pods").resolve(pod.namespace()).resolve(pod.name());
    }

    /** Where a container's init writes how it ended. */
    Path exit(Key pod, String container, int attempt) {
        return place(pod, container).resolve("exit-" + attempt);
    }

    /** Where a container writes. */
    Path output(Key pod, String container, int attempt) {
        return place(pod, container).resolve("output-" + attempt);
    }

    /**
     * Notes that a pod is to go, if anything of it is here. The note outlives the JVM, not the machine, with which the pod's
     * processes go: so nobody waits for the disk.
     */
    void leaving(Key pod) {
        if (Files.isDirectory(pod(pod))) {
            note(pod(pod).resolve(LEAVING));
        }
    }

    /** Whether {@link #leaving} was said of it. */
    boolean isLeaving(Key pod) {
        return Files.exists(pod(pod).resolve(LEAVING));
    }

    /** Notes that what is done after a start was done. */
    void postStarted(Key pod, String container, int attempt) {
        note(place(pod, container).resolve("started-" + attempt));
    }

    /** Whether {@link #postStarted} was said of it. */
    boolean isPostStarted(Key pod, String container, int attempt) {
        return Files.exists(pod(pod).resolve(container).resolve("started-" + attempt));
    }

    private static void note(Path file) {
        try {
            Files.createFile(file);
        } catch (FileAlreadyExistsException noted) {
            return;
        } catch (NoSuchFileException gone) { // with the pod, of which nothing has to be known any more
            return;
        } catch (IOException failed) {
            throw new StateUnusable(file, "it can't be made", failed);
        }
    }

    /** The directory of a pod's volume, which everybody in its containers may write to; made if it is not there. */
    Path volume(Key pod, String volume) {
        Path place = pod(pod).resolve(VOLUMES).resolve(volume);
        try {
            Files.createDirectories(place);
            Files.setPosixFilePermissions(place, PosixFilePermissions.fromString("rwxrwxrwx"));
            return place;
        } catch (IOException failed) {
            throw new StateUnusable(place, "the directory of a volume can't be made", failed);
        }
    }

    /** Where the directories of pods' volumes are. */
    Storage.KeptVolumes volumes() {
        return new Storage.KeptVolumes(this::volume, memory);
    }

    /** Removes what is there of other pods: no container of theirs is on record, so none of them runs. */
    void keepOnly(Set<Key> recorded) {
        memory.keepOnly(recorded);
        Path pods = directory.resolve("pods");
        if (!Files.isDirectory(pods)) {
            return;
        }
        try (Stream<Path> all = Files.find(pods, 2, (path, attributes) -> attributes.isDirectory())) {
            all.filter(path -> path.getNameCount() == pods.getNameCount() + 2)
                    .map(path -> new Key(
                            String.valueOf(path.getName(path.getNameCount() - 2)), String.valueOf(path.getFileName())))
                    .filter(pod -> !recorded.contains(pod))
                    .toList()
                    .forEach(this::remove);
        } catch (IOException failed) {
            throw new StateUnusable(pods, "it can't be listed", failed);
        }
    }

    /** Removes the record of a container of which nothing runs any more. */
    void forget(Key pod, String container) {
        Removal.file(pod(pod).resolve(container).resolve(RUN));
    }

    /** Writes a record down for good; the one before is there, whole, until this one is. */
    void write(RunRecord record) {
        Path place = place(record.pod(), record.container());
        Path file = place.resolve(RUN);
        Path fresh = place.resolve(RUN + ".new");
        try (FileChannel out = FileChannel.open(
                fresh, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            ByteBuffer text = ByteBuffer.wrap(FileNames.bytes(record.text()));
            while (text.hasRemaining()) {
                out.write(text);
            }
            out.force(true);
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException failed) {
            throw new StateUnusable(file, "it can't be written", failed);
        }
    }

    /** Removes the files of runs before this one. */
    void forgetBefore(RunRecord record) {
        Path place = place(record.pod(), record.container());
        try (Stream<Path> files = Files.list(place)) {
            files.filter(file ->
                            isOlder(Objects.requireNonNull(file.getFileName()).toString(), record.attempt()))
                    .forEach(Removal::file);
        } catch (IOException failed) {
            throw new StateUnusable(place, "it can't be listed", failed);
        }
    }

    private static boolean isOlder(String name, int attempt) {
        return name.matches("(exit|output|started)-[0-9]{1,9}")
                && Integer.parseInt(name.substring(name.indexOf('-') + 1)) < attempt;
    }

    /** Removes what is there of a pod, of which nothing runs any more. Records go first. */
    void remove(Key pod) {
        if (Files.isDirectory(pod(pod))) {
            forgetAll(pod);
        }
        memory.remove(pod);
        Removal.of(pod(pod));
    }

    private void forgetAll(Key pod) {
        try (Stream<Path> containers = Files.list(pod(pod))) {
            containers
                    .filter(container -> !container.endsWith(VOLUMES) && !container.endsWith(LEAVING))
                    .forEach(container -> Removal.file(container.resolve(RUN)));
        } catch (IOException failed) {
            throw new StateUnusable(pod(pod), "it can't be listed", failed);
        }
    }

    @Override
    public void close() {
        memory.close();
        try {
            channel.close();
        } catch (IOException failed) {
            throw new StateUnusable(directory, "it can't be given back", failed);
        }
    }
}
