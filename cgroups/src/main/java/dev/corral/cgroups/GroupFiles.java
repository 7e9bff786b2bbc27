package dev.corral.cgroups;

import dev.corral.internal.linux.ErrnoException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The files of a group, which has a directory in each of several hierarchies. They are opened to be read again and again, and
 * all closed together; or each is opened when it is read, for a short while.
 */
final class GroupFiles implements AutoCloseable {
    private final List<ControlFile> files = new ArrayList<>(40);
    private final List<Opened> directories = new ArrayList<>(8);
    /** What opens the files for once; null if they are kept. */
    private final @Nullable Scratch once;

    private GroupFiles(@Nullable Scratch once) {
        this.once = once;
    }

    static GroupFiles kept() {
        return new GroupFiles(null);
    }

    /** Each file is read into that one, and once. */
    static GroupFiles once(Scratch scratch) {
        return new GroupFiles(scratch);
    }

    boolean isKept() {
        return once == null;
    }

    /** The file, there or not. A group that was removed is a {@link CgroupGone}. */
    ControlFile open(GroupDirectory group, String name) {
        ControlFile file = new ControlFile(directory(group), name);
        if (isKept()) {
            file.open();
        }
        files.add(file);
        return file;
    }

    List<String> names(GroupDirectory group) {
        try {
            return directory(group).acquire.names();
        } catch (ErrnoException e) {
            throw ControlFile.failed(group.path(), e);
        }
    }

    /** How many descriptors the open files take. */
    int count() {
        return (int) files.stream().filter(ControlFile::exists).count();
    }

    /** No more files will be opened, or read for once. A file that was missing may mean a missing group: {@link CgroupGone}. */
    void settle() {
        closeDirectories();
        for (Opened directory : directories) {
            if (directory.missed) {
                directory.group.requireAlive("read", "");
            }
        }
        directories.clear();
    }

    @Override
    public void close() {
        closeDirectories();
        directories.clear();
        files.forEach(ControlFile::close);
        files.clear();
    }

    private void closeDirectories() {
        if (once != null) {
            once.closeFiles();
        }
        directories.forEach(directory -> directory.acquire.close());
    }

    /** There are a handful. */
    private Opened directory(GroupDirectory group) {
        for (int i = 0; i < directories.size(); i++) {
            if (directories.get(i).group.equals(group)) {
                return directories.get(i);
            }
        }
        Opened opened = new Opened(group, acquire(group));
        directories.add(opened);
        if (opened.acquire.inode() != group.inode()) {
            throw new CgroupGone(
                    Failure.of("read", group.path()).why("the group was removed, and another has its name"), null);
        }
        return opened;
    }

    private static Acquire acquire(GroupDirectory group) {
        try {
            return group.host().tree().acquire(group.path());
        } catch (ErrnoException e) {
            throw ControlFile.failed(group.path(), e);
        }
    }

    /** A directory that is open. What was found in it last shows that what was missing before is not there. */
    static final class Opened {
        private final GroupDirectory group;
        private final Acquire acquire;
        private boolean missed;

        private Opened(GroupDirectory group, Acquire acquire) {
            this.group = group;
            this.acquire = acquire;
        }

        GroupDirectory group() {
            return group;
        }

        /** Opens a file, there or not. */
        Optional<Acquire.Source> open(String name) {
            Optional<Acquire.Source> source = acquire.open(name);
            missed = source.isEmpty();
            return source;
        }

        /** Opens a file, reads it and closes it; false if there is none. */
        boolean read(String name, Scratch into) {
            boolean found = acquire.read(name, into);
            missed = !found;
            return found;
        }
    }
}
