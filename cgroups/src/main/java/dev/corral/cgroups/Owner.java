package dev.corral.cgroups;

import dev.corral.internal.linux.FileNames;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The process that made a group, told from every other one, past ones too: a pid comes again, a pid with the time of its
 * start does not, and both mean something only within one pid namespace.
 *
 * @param start when it was started, in clock ticks since the machine was; field 22 of {@code /proc/PID/stat}
 * @param namespace the inode of its pid namespace
 * @param file somebody still wants to read what the group has counted, after the process's end too, while this is there
 */
record Owner(long pid, long start, long namespace, Optional<String> file) {
    /** The extended attribute that holds it. */
    static final String MARK = "user.corral.owner";

    private static final Pattern TEXT =
            Pattern.compile("([0-9]{1,10}):([0-9]{1,18}):([0-9]{1,18})(?::(/.*))?", Pattern.DOTALL);
    private static final Pattern NAME =
            Pattern.compile(".+-p([0-9]{1,10})-s([0-9a-z]{1,12})-n([0-9a-z]{1,12})-[0-9a-z]{1,8}");

    Owner(long pid, long start, long namespace) {
        this(pid, start, namespace, Optional.empty());
    }

    String text() {
        return pid + ":" + start + ":" + namespace
                + file.map(path -> ":" + path).orElse("");
    }

    /** Whether somebody may come to read what was counted; a file that can't be looked for may be there. */
    boolean isAwaited() {
        return file.filter(Owner::mayBeThere).isPresent();
    }

    private static boolean mayBeThere(String path) {
        try {
            return !Files.notExists(FileNames.path(path), LinkOption.NOFOLLOW_LINKS);
        } catch (InvalidPathException nul) { // anybody who may write to the group can have put it there
            return true;
        }
    }

    /** Empty for a text of another shape. */
    static Optional<Owner> parse(String text) {
        Matcher fields = TEXT.matcher(text);
        return fields.matches()
                ? Optional.of(new Owner(
                        Long.parseLong(fields.group(1)),
                        Long.parseLong(fields.group(2)),
                        Long.parseLong(fields.group(3)),
                        Optional.ofNullable(fields.group(4))))
                : Optional.empty();
    }

    /** The same for the middle of a group's name, where the file system takes no attributes. */
    String inName() {
        return "p" + pid + "-s" + Long.toString(start, Character.MAX_RADIX) + "-n"
                + Long.toString(namespace, Character.MAX_RADIX);
    }

    /** The owner that a name tells; empty for a name that Corral did not make up. */
    static Optional<Owner> ofName(String name) {
        Matcher fields = NAME.matcher(name);
        return fields.matches()
                ? Optional.of(new Owner(
                        Long.parseLong(fields.group(1)),
                        Long.parseLong(fields.group(2), Character.MAX_RADIX),
                        Long.parseLong(fields.group(3), Character.MAX_RADIX)))
                : Optional.empty();
    }
}
