package dev.corral.reconcile.node;

import dev.corral.internal.linux.Directory;
import dev.corral.internal.linux.ErrnoException;
import dev.corral.internal.linux.Fd;
import dev.corral.internal.linux.FileNames;
import dev.corral.internal.linux.LibC;
import dev.corral.reconcile.workload.Container;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file at the {@code terminationMessagePath} of one run, in one of its volumes. What was there before the run is not its own.
 * The container may put anything there, so links are not followed, and only a plain file is read.
 *
 * @param place where it is; empty if the run leaves none
 * @param before what tells the one that was there before the run; empty if there was none
 */
record LastWordsFile(Optional<LastWordsFile.Place> place, Optional<String> before) {
    private static final Logger LOG = LoggerFactory.getLogger(LastWordsFile.class);
    private static final int MOST_BYTES = 4096;

    /**
     * Where the file is.
     *
     * @param volume the directory of this host that is the volume
     * @param rest the way from there
     */
    record Place(Path volume, String rest) {}

    private static LastWordsFile at(Optional<Place> place) {
        return new LastWordsFile(place, place.flatMap(where -> look(where, LastWordsFile::fingerprint)));
    }

    /** Looks at what is there before a run. */
    static LastWordsFile of(Container container, List<Mounted> mounts) {
        return at(container
                .terminationMessagePath()
                .map(FileNames::path)
                .flatMap(file -> mounts.stream()
                        .filter(Mounted.Bound.class::isInstance)
                        .map(Mounted.Bound.class::cast)
                        .filter(mount -> file.startsWith(mount.target()))
                        .filter(mount -> !mount.source().startsWith("/proc")) // held only until the start
                        .max(Comparator.comparingInt(mount -> mount.target().getNameCount()))
                        .map(mount -> new Place(
                                mount.source(), FileNames.text(mount.target().relativize(file))))));
    }

    /** What the run has left there, at most 4096 bytes of it; empty text for nothing. */
    String text() {
        return place.flatMap(where -> look(where, LastWordsFile::fingerprint)
                        .filter(now -> !before.equals(Optional.of(now)))
                        .flatMap(changed -> look(where, LastWordsFile::read)))
                .orElse("");
    }

    /** What is done with an open file. */
    private interface Look {
        String at(Path file) throws IOException;
    }

    private static Optional<String> look(Place place, Look look) {
        try (Directory volume = Directory.open(place.volume);
                Fd file = volume.beneath(place.rest, LibC.O_PATH)) {
            Path open = Path.of("/proc/self/fd", Integer.toString(file.number()));
            return Files.isRegularFile(open) ? Optional.of(look.at(open)) : Optional.empty();
        } catch (ErrnoException | IOException absent) {
            LOG.debug("no last words at {} of {}", place.rest, place.volume, absent);
            return Optional.empty();
        }
    }

    private static String fingerprint(Path file) throws IOException {
        BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
        return now.fileKey() + " " + now.size() + " " + now.lastModifiedTime();
    }

    private static String read(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return new String(in.readNBytes(MOST_BYTES), StandardCharsets.UTF_8);
        }
    }
}
