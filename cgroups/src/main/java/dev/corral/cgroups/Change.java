package dev.corral.cgroups;

import dev.corral.Applied;
import dev.corral.ByteSize;
import dev.corral.internal.linux.ErrnoException;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * One value for one control file.
 *
 * @param requested as the caller gave it
 * @param value what is written
 * @param view what a text of the file says of the value, spelled in one way
 * @param expected what the view is afterwards if the kernel takes the value as it is
 * @param note what is worth knowing beforehand; may be empty
 * @param refusal what a refusal of the kernel means here
 */
record Change(
        GroupDirectory group,
        String file,
        String feature,
        String requested,
        String value,
        UnaryOperator<String> view,
        String expected,
        String note,
        UnaryOperator<CgroupException> refusal) {
    static Change of(GroupDirectory group, String file, Object requested, String value) {
        return new Change(
                group,
                file,
                file,
                requested.toString(),
                value,
                UnaryOperator.identity(),
                value,
                "",
                refused -> refused);
    }

    /**
     * A size in whole pages, to which the kernel would round down in silence.
     *
     * @param unlimited how the file spells "no limit"
     */
    static Change size(GroupDirectory group, String file, Limit<ByteSize> asked, String unlimited) {
        return size(group, file, asked, unlimited, group.host().pageSize());
    }

    /** A size in whole units of other pages than those of memory. */
    static Change size(GroupDirectory group, String file, Limit<ByteSize> asked, String unlimited, long unit) {
        UnaryOperator<String> view =
                text -> KernelNumber.size(text, unit).map(IoMax::text).orElse(text);
        if (asked.value().isEmpty()) {
            return of(group, file, "max", unlimited).seen(view, "max");
        }
        ByteSize size = asked.value().get();
        ByteSize whole = KernelNumber.wholePages(size, unit, group.path().resolve(file));
        String value = Long.toString(whole.bytes());
        return of(group, file, size, value)
                .seen(view, view.apply(value))
                .noting(whole.equals(size) ? "" : KernelNumber.roundedNote(size, unit));
    }

    Change feature(String name) {
        return new Change(group, file, name, requested, value, view, expected, note, refusal);
    }

    Change requested(String text) {
        return new Change(group, file, feature, text, value, view, expected, note, refusal);
    }

    Change seen(UnaryOperator<String> newView, String newExpected) {
        return new Change(group, file, feature, requested, value, newView, newExpected, note, refusal);
    }

    Change noting(String more) {
        return new Change(group, file, feature, requested, value, view, expected, joined(note, more), refusal);
    }

    Change refusedAs(UnaryOperator<CgroupException> meaning) {
        return new Change(group, file, feature, requested, value, view, expected, note, meaning);
    }

    /** What the file says now; empty if there is no such file. */
    Optional<String> now() {
        return group.text(file).map(String::strip).map(view);
    }

    /**
     * What became of a change.
     *
     * @param before the text until then; empty if there was no such file
     */
    record Made(Applied.Entry entry, Optional<String> before) {}

    /** Writes the value unless it is in place already. */
    Made make() {
        try (Edit edit = group.edit(file)) {
            Optional<String> before = text(edit);
            if (before.map(view).equals(Optional.of(expected))) {
                return new Made(entry(before, false), before);
            }
            write(edit);
            return new Made(entry(text(edit), true), before);
        }
    }

    /** What is there, without anything written. */
    Made leave() {
        Optional<String> text = group.text(file).map(String::strip);
        return new Made(entry(text, false), text);
    }

    private Optional<String> text(Edit edit) {
        try {
            Optional<String> text = edit.read();
            if (text.isEmpty()) {
                group.requireAlive("read", file);
            }
            return text.map(String::strip);
        } catch (ErrnoException e) {
            throw group.refusal().refused("read", file, "", e);
        }
    }

    private void write(Edit edit) {
        try {
            edit.write(value + "\n");
        } catch (ErrnoException e) {
            CgroupException refused = group.refusal().refused("write", file, value, e);
            throw refused instanceof KernelRefused || refused instanceof NotDelegated
                    ? refusal.apply(refused)
                    : refused;
        }
    }

    private Applied.Entry entry(Optional<String> text, boolean written) {
        Optional<String> seen = text.map(view);
        String differs = seen.filter(now -> !now.equals(expected))
                .map(now -> "the kernel keeps " + (now.isEmpty() ? "nothing" : now))
                .orElse("");
        return new Applied.Entry(
                feature,
                requested,
                Optional.of(group.path().resolve(file).toString()),
                Optional.of(value).filter(line -> written),
                text.filter(whole -> whole.indexOf('\n') < 0).or(() -> seen),
                joined(note, differs));
    }

    private static String joined(String first, String second) {
        return first.isEmpty() || second.isEmpty() ? first + second : first + ", " + second;
    }
}
