package dev.corral.cgroups;

import dev.corral.internal.linux.ErrnoException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Opens the files of a group, which has a directory in each of several hierarchies, and closes them all. */
final class GroupFiles implements AutoCloseable {
    private final List<ControlFile> files = new ArrayList<>();
    private final Map<GroupDirectory, Acquire> directories = new HashMap<>();

    /** The file, there or not. A group that was removed is a {@link CgroupGone}. */
    ControlFile open(GroupDirectory group, String name) {
        Optional<Acquire.Source> source;
        try {
            source = directory(group).open(name);
        } catch (ErrnoException e) {
            throw ControlFile.failed(group.path().resolve(name), e);
        }
        ControlFile file = new ControlFile(group.path(), name, group.host().pageSize(), source);
        files.add(file);
        return file;
    }

    /** The first of several files that is there; one that is not if none is. */
    ControlFile openFirst(GroupDirectory group, List<String> names) {
        ControlFile file = open(group, names.get(0));
        for (int i = 1; i < names.size() && !file.exists(); i++) {
            file = open(group, names.get(i));
        }
        return file;
    }

    List<String> names(GroupDirectory group) {
        try {
            return directory(group).names();
        } catch (ErrnoException e) {
            throw ControlFile.failed(group.path(), e);
        }
    }

    /** How many descriptors the open files take. */
    int count() {
        return (int) files.stream().filter(ControlFile::exists).count();
    }

    /** No more files will be opened. */
    void settle() {
        directories.values().forEach(Acquire::close);
        directories.clear();
    }

    @Override
    public void close() {
        settle();
        files.forEach(ControlFile::close);
        files.clear();
    }

    private Acquire directory(GroupDirectory group) {
        Acquire open = directories.get(group);
        if (open == null) {
            open = group.host().tree().acquire(group.path());
            directories.put(group, open);
            if (open.inode() != group.inode()) {
                throw new CgroupGone(
                        Failure.of("read", group.path()).why("the group was removed, and another has its name"), null);
            }
        }
        return open;
    }
}
