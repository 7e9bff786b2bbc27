package dev.corral.cgroups;

import dev.corral.ByteSize;
import dev.corral.internal.linux.Errno;
import dev.corral.internal.linux.ErrnoException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A control file: held open, or known not to be there, or opened each time that it is read. */
final class ControlFile implements AutoCloseable {
    private final GroupFiles.Opened directory;
    private final String name;
    private Acquire.@Nullable Source source;
    private boolean opened;

    ControlFile(GroupFiles.Opened directory, String name) {
        this.directory = directory;
        this.name = name;
    }

    private Path path() {
        return directory.group().path().resolve(name);
    }

    /** Holds it open from now on, if it is there. */
    void open() {
        try {
            source = directory.open(name).orElse(null);
            opened = true;
        } catch (ErrnoException e) {
            throw failed(path(), e);
        }
    }

    boolean exists() {
        if (!opened) {
            open();
        }
        return source != null;
    }

    /** Puts the text into the buffer, and the words at its beginning; false if there is no such file, or it is switched off. */
    boolean read(Scratch into) {
        try {
            if (!found(into)) {
                return false;
            }
        } catch (ErrnoException e) {
            // what the kernel was booted without: pressure
            if (e.errno() == Errno.EOPNOTSUPP) {
                return false;
            }
            throw failed(path(), e);
        }
        into.restart();
        return true;
    }

    private boolean found(Scratch into) {
        if (!opened) {
            return directory.read(name, into);
        }
        Acquire.Source held = source;
        if (held != null) {
            held.read(into);
        }
        return held != null;
    }

    static CgroupException failed(Path path, ErrnoException e) {
        Failure failure = Failure.of("read", path).errno(e);
        return e.errno() == Errno.ENODEV || e.errno() == Errno.ENOENT
                ? new CgroupGone(failure.why("the group was removed"), e)
                : new KernelRefused(failure, e);
    }

    /** Whether the file holds a number, which is the value of the words then. An empty text, which occurs, is none. */
    boolean number(Scratch into) {
        if (!read(into) || !into.words.nextLine() || !into.words.nextWord()) {
            return false;
        }
        if (!into.words.isNumber()) {
            throw unreadable(into);
        }
        return true;
    }

    Optional<Long> count(Scratch into) {
        return number(into) ? Optional.of(into.words.count()) : Optional.empty();
    }

    Optional<ByteSize> size(Scratch into) {
        return number(into) ? Optional.of(ByteSize.bytes(into.words.count())) : Optional.empty();
    }

    /** The largest number that may be; the root group has no limit and no file for it. */
    Limit<Long> countLimit(Scratch into) {
        if (!read(into) || !into.words.nextLine() || !into.words.nextWord() || into.words.is("max")) {
            return Limit.max();
        }
        if (!into.words.isNumber()) {
            throw unreadable(into);
        }
        return Limit.of(into.words.count());
    }

    /** The largest size that may be. Version 1 prints "unlimited" as the largest number of whole pages. */
    Limit<ByteSize> sizeLimit(Scratch into) {
        return sizeLimit(into, directory.group().host().pageSize());
    }

    Limit<ByteSize> sizeLimit(Scratch into, long page) {
        if (!read(into) || !into.words.nextLine() || !into.words.nextWord() || into.words.is("max")) {
            return Limit.max();
        }
        if (!into.words.isNumber()) {
            throw unreadable(into);
        }
        long bytes = into.words.count();
        return bytes < Long.MAX_VALUE - 2 * page ? Limit.of(ByteSize.bytes(bytes)) : Limit.max();
    }

    /** All that it says; nothing if there is no such file. */
    Keyed keys(Scratch into) {
        return read(into) ? Keyed.lines(into.bytes(), 0, into.length()) : Keyed.none();
    }

    Optional<Keyed> keyed(Scratch into) {
        return read(into) ? Optional.of(Keyed.lines(into.bytes(), 0, into.length())) : Optional.empty();
    }

    private UnsupportedLimit unreadable(Scratch scratch) {
        String text = Keyed.text(scratch.bytes(), scratch.length()).strip();
        return new UnsupportedLimit(Failure.of("read", path()).why("it holds no number but \"" + text + "\""), null);
    }

    @Override
    public void close() {
        Acquire.Source held = source;
        if (held != null) {
            held.close();
        }
    }
}
