package dev.corral.namespaces;

import dev.corral.ByteSize;
import dev.corral.internal.linux.Directory;
import dev.corral.internal.linux.Errno;
import dev.corral.internal.linux.ErrnoException;
import dev.corral.internal.linux.Fd;
import dev.corral.internal.linux.FileNames;
import dev.corral.internal.linux.Stat;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;

/** One copy of a file or a tree from one side to the other, name by name; used once. */
final class TreeCopy {
    /** Each level holds two descriptors. */
    private static final int DEEPEST = 256;

    private static final int MOST_TOLD = 1000;
    private static final int PERMISSIONS = 01777;

    private final Side source;
    private final Side target;
    private final ByteSize most;
    private final List<String> skipped = new ArrayList<>();
    private long files;
    private long directories;
    private long links;
    private long bytes;

    TreeCopy(Side source, Side target, ByteSize most) {
        this.source = source;
        this.target = target;
        this.most = most;
    }

    Copied run(Path from, Path to) {
        copy(source, name(from), target, name(to), from.toString(), 0);
        return new Copied(files, directories, links, ByteSize.bytes(bytes), skipped);
    }

    private static String name(Path path) {
        return FileNames.text(path.getFileName());
    }

    private void copy(Side from, String name, Side to, String newName, String shown, int depth) {
        Optional<Stat> found = from.get(open -> open.stat(name));
        if (found.isEmpty() && depth > 0) {
            return; // gone since the directory was listed
        }
        Stat stat = found.orElseThrow(() -> new ErrnoException("stat", shown, Errno.ENOENT));
        switch (stat.type()) {
            case FILE -> file(from, name, to, newName, stat);
            case SYMLINK -> {
                String text = from.get(open -> open.readlink(name));
                replace(to, newName, temporary -> to.run(open -> open.symlink(temporary, text)));
                links++;
            }
            case DIRECTORY -> directory(from, name, to, newName, stat, shown, depth);
            case SPECIAL -> skip(shown);
        }
    }

    private void skip(String shown) {
        if (skipped.size() < MOST_TOLD) {
            skipped.add(shown);
        }
    }

    private void file(Side from, String name, Side to, String newName, Stat stat) {
        if (stat.size() > most.bytes() - bytes) {
            throw new CopyFailed("it holds more than " + most, null);
        }
        try (Fd input = from.get(open -> open.read(name))) {
            replace(to, newName, temporary -> {
                try (Fd output = to.get(open -> open.create(temporary))) {
                    long left = stat.size();
                    long count = 1;
                    while (left > 0 && count > 0) {
                        count = Directory.copy(input, output, left);
                        left -= count;
                    }
                    bytes += stat.size() - left;
                    to.run(ignored -> Directory.chmod(output, stat.mode() & PERMISSIONS));
                }
            });
        }
        files++;
    }

    /** Puts something new in the place of a name, complete or not at all; a link of that name is not followed. */
    private static void replace(Side to, String name, Consumer<String> making) {
        String temporary = ".corral-" + UUID.randomUUID();
        try {
            making.accept(temporary);
            to.run(open -> open.rename(temporary, name));
        } catch (RuntimeException | Error failed) {
            try {
                to.run(open -> open.unlink(temporary));
            } catch (ErrnoException notMade) {
                failed.addSuppressed(notMade);
            }
            throw failed;
        }
    }

    private void directory(Side from, String name, Side to, String newName, Stat stat, String shown, int depth) {
        if (depth == DEEPEST) {
            throw new CopyFailed("it is nested more than " + DEEPEST + " deep", null);
        }
        boolean there =
                to.get(open -> open.stat(newName)).map(Stat::isDirectory).orElse(false);
        if (!there) {
            to.run(open -> open.mkdir(newName));
            directories++;
        }
        try (Side below = from.enter(name);
                Side made = to.enter(newName)) {
            for (String entry : below.get(Directory::names)) {
                String path = shown + "/" + entry;
                copy(below, entry, made, entry, path, depth + 1);
            }
        }
        if (!there) {
            to.run(open -> open.chmod(newName, stat.mode() & PERMISSIONS));
        }
    }
}
