package dev.corral.archives;

import dev.corral.ByteSize;
import dev.corral.internal.linux.Directory;
import dev.corral.internal.linux.ErrnoException;
import dev.corral.namespaces.IdMap;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.GZIPInputStream;

/**
 * A tar archive on disk (ustar, GNU or pax, plain or compressed by gzip) to be unpacked into a directory, whoever has written
 * it; immutable.
 *
 * <p>Nothing outside the directory is made, changed or linked to. Names are taken as below the directory; one with ".." fails
 * the archive. Links are made as the archive has them, and one that later names lead through means what it will mean when
 * the directory is a root: it stays inside. A name that comes again replaces what had it, save a directory.
 *
 * <p>Files keep their permission bits and the time of their last change; set-user-ID and set-group-ID bits are dropped, since
 * the files may belong to a user who matters on this host. Directories stay writable for their owner. Owners are the JVM's
 * user unless {@link #owners} says more. Devices, pipes and extended attributes are left out.
 *
 * <p>Source: tar(5), pax(1).
 */
public final class TarArchive {
    private static final ByteSize USUAL_BYTES = ByteSize.gibibytes(16);
    private static final long USUAL_ENTRIES = 500_000;
    private static final int MAGIC = 0x8b1f;
    private static final int BUFFER = 64 * 1024;

    private final Path tar;
    private final ByteSize most;
    private final long mostEntries;
    private final Optional<IdMap> owners;

    private TarArchive(Path tar, ByteSize most, long mostEntries, Optional<IdMap> owners) {
        this.tar = tar;
        this.most = most;
        this.mostEntries = mostEntries;
        this.owners = owners;
    }

    /** An archive, taken up to 16 GiB and 500,000 entries. */
    public static TarArchive of(Path tar) {
        return new TarArchive(tar, USUAL_BYTES, USUAL_ENTRIES, Optional.empty());
    }

    /**
     * With other bounds.
     *
     * @param bytes of the archive when it isn't compressed, and of all files together
     * @param entries of the archive, 1 or more
     */
    public TarArchive atMost(ByteSize bytes, long entries) {
        if (entries < 1) {
            throw new IllegalArgumentException("at most " + entries + " entries: it has to be 1 or more");
        }
        return new TarArchive(tar, bytes, entries, owners);
    }

    /**
     * With the owners that the archive gives, as ids inside this map: what belongs to 0 in the archive belongs to root of
     * children with the same map. Takes a JVM that is root; an id that isn't in the map fails the archive.
     */
    public TarArchive owners(IdMap map) {
        return new TarArchive(tar, most, mostEntries, Optional.of(map));
    }

    /**
     * Unpacks it.
     *
     * @param directory where to; made (mode 0755) if it isn't there, and what is in it stays. Only the JVM may write to it
     *     meanwhile
     * @throws UnpackFailed if the archive is damaged, hostile or too large, or a file can't be made
     */
    public Unpacked unpack(Path directory) {
        Path target = directory.toAbsolutePath().normalize();
        Owners whose = new Owners(owners);
        try (InputStream file = new BufferedInputStream(Files.newInputStream(tar), BUFFER);
                BoundedInput input = new BoundedInput(plain(file), most);
                Directory root = open(target, whose)) {
            return new Unpacking(root, input, whose, most, mostEntries).run();
        } catch (IOException | ErrnoException failed) {
            throw new UnpackFailed("can't unpack " + tar + " into " + target + ": " + said(failed), failed);
        } catch (UnpackFailed failed) {
            throw new UnpackFailed("can't unpack " + tar + " into " + target + ": " + failed.getMessage(), failed);
        }
    }

    private static String said(Exception failed) {
        return failed instanceof ErrnoException ? String.valueOf(failed.getMessage()) : failed.toString();
    }

    private static InputStream plain(InputStream file) throws IOException {
        file.mark(2);
        int magic = file.read() | file.read() << 8;
        file.reset();
        return magic == MAGIC ? new BufferedInputStream(new GZIPInputStream(file, BUFFER), BUFFER) : file;
    }

    private static Directory open(Path target, Owners owners) {
        Path parent = target.getParent();
        if (parent == null || Files.isDirectory(target)) {
            return Directory.open(target);
        }
        try (Directory above = Directory.open(parent)) {
            return Unpacking.make(above, target.getFileName().toString(), 0755, owners);
        }
    }

    @Override
    public String toString() {
        return "TarArchive[" + tar + ", at most " + most + " and " + mostEntries + " entries"
                + owners.map(map -> ", owners by " + map).orElse("") + "]";
    }
}
