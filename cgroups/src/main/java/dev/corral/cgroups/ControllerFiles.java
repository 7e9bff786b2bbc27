package dev.corral.cgroups;

import dev.corral.Applied;
import dev.corral.ByteSize;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * One controller of one group, file by file as the kernel has it. What both versions mean in the same way is in
 * {@link Limits}; here is the rest of it.
 *
 * <p>A method that sets a value returns what was written and what the kernel keeps; a value that is in place already isn't
 * written again. A value outside the kernel's range is an {@link InvalidLimit} or an IllegalArgumentException, and nothing is
 * written; a file that this kernel does not have is an {@link UnsupportedLimit} when it is written and an empty Optional when
 * it is read; after the group was removed everything is a {@link CgroupGone}. Safe for use by several threads; two that set
 * the same value may each meet the other's.
 */
public abstract sealed class ControllerFiles
        permits BlkioV1,
                CpuAcctV1,
                CpuController,
                CpusetV1,
                CpusetV2,
                DevicesV1,
                FreezerV1,
                GenericController,
                HugetlbV2,
                IoV2,
                MemoryController,
                PidsController,
                Psi,
                TreeV2 {
    final GroupDirectory group;

    ControllerFiles(GroupDirectory group) {
        this.group = group;
    }

    /** The controller as the kernel spells it, such as {@code memory}. */
    public abstract String name();

    /** The directory with its files. */
    public Path path() {
        return group.path();
    }

    /**
     * Any file of the directory.
     *
     * @param name the whole name, such as {@code memory.swap.high}
     * @throws IllegalArgumentException for what is no name of a file in the directory
     */
    public RawFile file(String name) {
        return new RawFile(group, name);
    }

    @Override
    public String toString() {
        return name() + " of " + path();
    }

    final GroupDirectory group() {
        return group;
    }

    final Applied.Entry put(Change change) {
        group.requireAlive("write", change.file());
        return Pen.writing().put(change);
    }

    final Change change(String file, Object requested, String value) {
        return Change.of(group, file, requested, value);
    }

    /** A file that every kernel with the controller has. */
    final String text(String file) {
        return group.text(file).map(String::strip).orElseThrow(() -> group.missing(file));
    }

    final long number(String file) {
        return group.number(file).orElseThrow(() -> group.missing(file));
    }

    final Limit<ByteSize> size(String file) {
        return sizeIfAny(file).orElseThrow(() -> group.missing(file));
    }

    final Optional<Limit<ByteSize>> sizeIfAny(String file) {
        return group.text(file)
                .map(text -> KernelNumber.size(text, group.host().pageSize())
                        .orElseThrow(() -> group.unreadable(file, text)));
    }

    final ByteSize bytes(String file) {
        return ByteSize.bytes(number(file));
    }

    final Optional<ByteSize> bytesIfAny(String file) {
        return group.number(file).map(ByteSize::bytes);
    }

    final Duration micros(String file) {
        return Duration.of(number(file), ChronoUnit.MICROS);
    }

    /** A file with 0 or 1 in it. */
    final Optional<Boolean> flag(String file) {
        return group.number(file).map(value -> value != 0);
    }

    final Applied.Entry flag(String file, boolean on) {
        return put(change(file, on, on ? "1" : "0"));
    }

    final CpuSet set(String file) {
        String text = text(file);
        try {
            return CpuSet.parse(text);
        } catch (IllegalArgumentException e) {
            throw group.unreadable(file, text);
        }
    }

    final InvalidLimit invalid(String file, String value, String why) {
        return new InvalidLimit(
                Failure.of("write", path().resolve(file)).value(value).why(why), null);
    }

    final void requireBetween(String file, long value, long least, long most) {
        if (value < least || value > most) {
            throw invalid(file, Long.toString(value), "it must be between " + least + " and " + most);
        }
    }
}
