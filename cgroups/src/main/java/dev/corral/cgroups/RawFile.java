package dev.corral.cgroups;

import dev.corral.Applied;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;

/**
 * Any control file of a group, by the kernel's formats. It lies in the group's directory and nowhere else: its name is one
 * name, and a link is no file.
 *
 * <p>Nothing is checked but the kernel's own limit of 4096 bytes, so numbers are the caller's: the kernel takes {@code 010} for
 * 8, and 2<sup>64</sup> for 0. Safe for use by several threads.
 */
public final class RawFile {
    private static final int LONGEST_WRITE = 4096;

    private final GroupDirectory group;
    private final String name;

    RawFile(GroupDirectory group, String name) {
        if (name.isEmpty()
                || name.equals(".")
                || name.equals("..")
                || name.chars().anyMatch(c -> c == '/' || c == 0 || c == '\n')) {
            throw new IllegalArgumentException("\"" + name.replace("\0", "\\0").replace("\n", "\\n")
                    + "\" is not the name of a file in a group's directory");
        }
        this.group = group;
        this.name = name;
    }

    /** Its name, such as {@code memory.swap.high}. */
    public String name() {
        return name;
    }

    /** Where it is, or would be. */
    public Path path() {
        return group.path().resolve(name);
    }

    /** Whether this kernel and this group have it. */
    public boolean exists() {
        return group.files().contains(name);
    }

    /** All of it, without what is blank at the end; empty if there is no such file. */
    public Optional<String> text() {
        checkNoLink("read");
        return group.text(name).map(String::stripTrailing);
    }

    /** A limit: a number, or {@code max}; empty if there is no such file. */
    public Optional<Limit<Long>> limit() {
        return text().map(text -> KernelNumber.count(text).orElseThrow(() -> group.unreadable(name, text)));
    }

    /** A number; empty if there is no such file or nothing in it. What exceeds 63 bits counts as the largest number. */
    public Optional<Long> number() {
        checkNoLink("read");
        return group.number(name);
    }

    /** Words with blanks or line breaks between them; none if there is no such file. */
    public List<String> words() {
        checkNoLink("read");
        return group.words(name);
    }

    /**
     * Flat keyed: a key and a value on each line, such as {@code oom_kill 0}. In the order of the file; empty if there is no
     * such file, or none of its lines is of that shape.
     */
    public Map<String, String> keyed() {
        Map<String, String> values = new LinkedHashMap<>();
        text().orElse("")
                .lines()
                .map(RawFile::split)
                .filter(words -> words.size() == 2)
                .forEach(words -> values.put(words.get(0), words.get(1)));
        return values;
    }

    /**
     * Nested keyed: a key on each line, and then {@code name=value} pairs, such as {@code 8:0 rbps=max wbps=1024}. A line
     * without pairs is left out; the first word of {@code total=3 N0=3}, as version 1 writes it, is key and pair.
     */
    public Map<String, Map<String, String>> nestedKeyed() {
        Map<String, Map<String, String>> lines = new LinkedHashMap<>();
        text().orElse("").lines().map(RawFile::split).forEach(words -> {
            Map<String, String> pairs = new LinkedHashMap<>();
            words.stream().filter(word -> word.indexOf('=') > 0).forEach(word -> {
                int equals = word.indexOf('=');
                pairs.put(word.substring(0, equals), word.substring(equals + 1));
            });
            if (!pairs.isEmpty()) {
                lines.put(words.get(0).split("=", 2)[0], pairs);
            }
        });
        return lines;
    }

    /**
     * Writes a value and a line break in one call.
     *
     * @param value one value, without a line break; empty text clears what can be cleared
     * @return with what the file says afterwards; that is empty for a file that can't be read
     * @throws HoldsThisJvm if that would freeze this JVM
     */
    public Applied.Entry write(String value) {
        if (value.indexOf('\n') >= 0 || value.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("one value for each write: the kernel would take the first line and drop"
                    + " the others in silence, or not");
        }
        if (value.getBytes(StandardCharsets.UTF_8).length >= LONGEST_WRITE) {
            throw new InvalidLimit(
                    Failure.of("write", path())
                            .why("the kernel takes 4096 bytes at once, line break included; split it"),
                    null);
        }
        refuseSelf(value);
        if ((name.equals("cgroup.freeze") && !value.equals("0"))
                || (name.equals("freezer.state") && !value.equals("THAWED"))) {
            group.spareThisJvm("freeze");
        }
        checkNoLink("write");
        group.requireAlive("write", name);
        group.write(name, value);
        return new Applied.Entry(name, value, Optional.of(path().toString()), Optional.of(value), afterwards(), "");
    }

    /** Writes {@code key name=value ...}, as nested keyed files take it. */
    public Applied.Entry write(String key, Map<String, String> pairs) {
        StringJoiner line = new StringJoiner(" ").add(key);
        pairs.forEach((pair, value) -> line.add(pair + "=" + value));
        return write(line.toString());
    }

    @Override
    public String toString() {
        return path().toString();
    }

    /** In a list of processes an empty write does nothing and 0 means the writer, which would be this JVM. */
    private void refuseSelf(String value) {
        boolean members = name.equals("cgroup.procs") || name.equals("cgroup.threads") || name.equals("tasks");
        if (members && KernelNumber.parse(value).orElse(0L) == 0) {
            throw new InvalidLimit(
                    Failure.of("write", path())
                            .value(value)
                            .why("it takes the number of a process; 0 would move this JVM, and nothing moves nobody"),
                    null);
        }
    }

    private Optional<String> afterwards() {
        try {
            return group.text(name).map(String::stripTrailing);
        } catch (KernelRefused | NotDelegated e) {
            return Optional.empty();
        }
    }

    private void checkNoLink(String operation) {
        if (Files.isSymbolicLink(path())) {
            throw new UnsupportedLimit(
                    Failure.of(operation, path()).why("it is a link, and control files are none"), null);
        }
    }

    private static List<String> split(String line) {
        return Arrays.stream(line.strip().split("[ \t]+", -1))
                .filter(word -> !word.isEmpty())
                .toList();
    }
}
