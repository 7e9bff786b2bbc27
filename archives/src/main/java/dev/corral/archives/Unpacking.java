package dev.corral.archives;

import dev.corral.ByteSize;
import dev.corral.internal.linux.Directory;
import dev.corral.internal.linux.Errno;
import dev.corral.internal.linux.ErrnoException;
import dev.corral.internal.linux.Fd;
import dev.corral.internal.linux.LibC;
import dev.corral.internal.linux.Stat;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.jspecify.annotations.Nullable;

/** One pass through an archive, entry after entry; used once. */
final class Unpacking {
    private static final int SET_IDS = 06000;
    private static final int PERMISSIONS = 01777;
    private static final int OWNER_ALL = 0700;
    private static final int LONGEST_NAME = 4095;
    private static final int MOST_TOLD = 1000;
    private static final int BUFFER = 64 * 1024;

    private final Directory root;
    private final BoundedInput input;
    private final TarArchiveInputStream tar;
    private final Owners owners;
    private final ByteSize most;
    private final long mostEntries;
    private final byte[] buffer = new byte[BUFFER];
    private final List<String> remarks = new ArrayList<>();
    private long entries;
    private long bytes;

    Unpacking(Directory root, BoundedInput input, Owners owners, ByteSize most, long mostEntries) {
        this.root = root;
        this.input = input;
        this.tar = new TarArchiveInputStream(input, StandardCharsets.UTF_8.name());
        this.owners = owners;
        this.most = most;
        this.mostEntries = mostEntries;
    }

    Unpacked run() throws IOException {
        for (TarArchiveEntry entry = next(); entry != null; entry = next()) {
            entries++;
            if (entries > mostEntries) {
                throw new UnpackFailed("it has more than " + mostEntries + " entries", null);
            }
            try {
                unpack(entry);
            } catch (ErrnoException failed) {
                throw new UnpackFailed("entry " + shown(entry.getName()) + ": " + failed.getMessage(), failed);
            }
            drain();
        }
        return new Unpacked(entries, ByteSize.bytes(bytes), remarks);
    }

    /** The library answers some kinds of damage with unchecked exceptions of many types. */
    private @Nullable TarArchiveEntry next() throws IOException {
        input.beginHeader();
        try {
            return tar.getNextEntry();
        } catch (UnpackFailed bounded) {
            throw bounded;
        } catch (RuntimeException damaged) {
            throw new UnpackFailed("it is damaged after " + entries + " entries: " + damaged, damaged);
        } finally {
            input.endHeader();
        }
    }

    /** Content that nobody wanted, read here so that it doesn't count as part of the next description. */
    private void drain() throws IOException {
        while (read() >= 0) {}
    }

    private int read() throws IOException {
        try {
            return tar.read(buffer, 0, buffer.length);
        } catch (UnpackFailed bounded) {
            throw bounded;
        } catch (RuntimeException damaged) {
            throw new UnpackFailed("it is damaged in entry " + entries + ": " + damaged, damaged);
        }
    }

    private void unpack(TarArchiveEntry entry) throws IOException {
        List<String> path = components(entry.getName());
        if (path.isEmpty()) {
            return; // the directory itself
        }
        String name = path.get(path.size() - 1);
        try (Directory parent = parent(path)) {
            switch (entry.getLinkFlag()) {
                case TarConstants.LF_OLDNORM, TarConstants.LF_NORMAL -> {
                    // Before 1988 a directory was a file whose name ends with a slash.
                    if (entry.getName().endsWith("/")) {
                        directory(entry, path, parent, name);
                    } else {
                        file(entry, parent, name);
                    }
                }
                case TarConstants.LF_CONTIG, TarConstants.LF_GNUTYPE_SPARSE -> file(entry, parent, name);
                case TarConstants.LF_DIR -> directory(entry, path, parent, name);
                case TarConstants.LF_SYMLINK -> {
                    clear(parent, name);
                    parent.symlink(name, text(entry.getLinkName()));
                    owners.own(parent, name, entry.getLongUserId(), entry.getLongGroupId());
                }
                case TarConstants.LF_LINK -> link(entry, parent, name);
                case TarConstants.LF_CHR, TarConstants.LF_BLK -> remark(entry, "left out: a device");
                case TarConstants.LF_FIFO -> remark(entry, "left out: a pipe");
                default -> remark(entry, "left out: of type " + (int) entry.getLinkFlag());
            }
        }
    }

    /** The names of a path, so that it begins at the root whatever it begins with. */
    private static List<String> components(String path) {
        List<String> names = Arrays.stream(text(path).split("/"))
                .filter(name -> !name.isEmpty() && !name.equals("."))
                .toList();
        if (names.contains("..")) {
            throw new UnpackFailed("entry " + shown(path) + " has \"..\" in its name", null);
        }
        return names;
    }

    private static String text(String path) {
        if (path.indexOf('\0') >= 0 || path.getBytes(StandardCharsets.UTF_8).length > LONGEST_NAME) {
            throw new UnpackFailed(
                    "name " + shown(path) + ": it has a NUL or more than " + LONGEST_NAME + " bytes", null);
        }
        return path;
    }

    /** Fit for a message, whatever the archive has made of it. */
    private static String shown(String path) {
        String printable = path.replaceAll("\\p{Cntrl}", "?");
        return printable.length() > 200 ? printable.substring(0, 200) + "…" : printable;
    }

    private void remark(TarArchiveEntry entry, String what) {
        if (remarks.size() < MOST_TOLD) {
            remarks.add(shown(entry.getName()) + " " + what);
        }
    }

    /** The directory of an entry; made where the archive has left it out. */
    private Directory parent(List<String> path) {
        List<String> above = path.subList(0, path.size() - 1);
        try {
            return root.find(String.join("/", above));
        } catch (ErrnoException failed) {
            if (failed.errno() != Errno.ENOENT) {
                throw failed;
            }
        }
        Directory at = root.find("");
        for (int i = 0; i < above.size(); i++) {
            try (Directory parent = at) {
                at = below(parent, above.subList(0, i + 1));
            }
        }
        return at;
    }

    private Directory below(Directory parent, List<String> path) {
        try {
            return root.find(String.join("/", path));
        } catch (ErrnoException failed) {
            if (failed.errno() != Errno.ENOENT) {
                throw failed;
            }
            return make(parent, path.get(path.size() - 1), 0755, owners);
        }
    }

    /** A new directory of root's; a link that leads nowhere is in the way of one, as EEXIST says. */
    static Directory make(Directory parent, String name, int mode, Owners owners) {
        parent.mkdir(name);
        owners.own(parent, name, 0, 0);
        parent.chmod(name, mode);
        return parent.enter(name);
    }

    private void file(TarArchiveEntry entry, Directory parent, String name) throws IOException {
        clear(parent, name);
        try (Fd file = parent.create(name)) {
            for (int length = read(); length >= 0; length = read()) {
                bytes += length;
                if (bytes > most.bytes()) {
                    throw new UnpackFailed("its files hold more than " + most, null);
                }
                LibC.writeAll(file.number(), length == buffer.length ? buffer : Arrays.copyOf(buffer, length));
            }
            owners.own(parent, name, entry.getLongUserId(), entry.getLongGroupId());
            Directory.chmod(file, mode(entry));
        }
        Instant changed = entry.getLastModifiedTime().toInstant();
        parent.touch(name, changed.getEpochSecond(), changed.getNano());
    }

    private int mode(TarArchiveEntry entry) {
        if ((entry.getMode() & SET_IDS) != 0) {
            remark(entry, "without its set-user-ID and set-group-ID bits");
        }
        return entry.getMode() & PERMISSIONS;
    }

    /** A directory that is there stays, also if a link stands for it: files below it follow that link. */
    private void directory(TarArchiveEntry entry, List<String> path, Directory parent, String name) {
        Optional<Stat> there = parent.stat(name);
        if (there.isPresent() && !there.get().isDirectory()) {
            if (leadsToDirectory(path)) {
                return;
            }
            parent.unlink(name);
        }
        if (there.isEmpty() || !there.get().isDirectory()) {
            parent.mkdir(name);
        }
        owners.own(parent, name, entry.getLongUserId(), entry.getLongGroupId());
        parent.chmod(name, mode(entry) | OWNER_ALL);
    }

    private boolean leadsToDirectory(List<String> path) {
        try (Directory found = root.find(String.join("/", path))) {
            return found.stat().isDirectory();
        } catch (ErrnoException failed) {
            return switch (failed.errno()) {
                case Errno.ENOENT, Errno.ENOTDIR, Errno.ELOOP, Errno.ENAMETOOLONG -> false;
                default -> throw failed; // what it leads to is not known: it must not go
            };
        }
    }

    /** Another name for a file that came before. A link that has that name is given another name itself. */
    private void link(TarArchiveEntry entry, Directory parent, String name) {
        List<String> existing = components(entry.getLinkName());
        if (existing.isEmpty()) {
            throw new UnpackFailed("entry " + shown(entry.getName()) + " links to the root", null);
        }
        String other = existing.get(existing.size() - 1);
        try (Directory from = root.find(String.join("/", existing.subList(0, existing.size() - 1)))) {
            Stat meant = from.stat(other).orElseThrow(() -> new ErrnoException("linkat", other, Errno.ENOENT));
            boolean same = parent.stat(name).map(meant::isSameFile).orElse(false);
            if (!same) {
                clear(parent, name);
                parent.link(name, from, other);
            }
        }
    }

    /** Never written through: what has the name goes, and a directory is in the way. */
    private static void clear(Directory parent, String name) {
        Optional<Stat> there = parent.stat(name);
        if (there.isPresent()) {
            if (there.get().isDirectory()) {
                throw new ErrnoException("unlinkat", name, Errno.EISDIR);
            }
            parent.unlink(name);
        }
    }
}
