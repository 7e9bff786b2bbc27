package dev.corral.privileges;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;

/** Names and numbers of an architecture's system calls. */
final class SyscallTable {
    private final SortedMap<Integer, String> names;
    private final Map<String, Integer> numbers;

    private SyscallTable(SortedMap<Integer, String> names) {
        this.names = Collections.unmodifiableSortedMap(names);
        this.numbers = new HashMap<>();
        names.forEach((number, name) -> numbers.put(name, number));
    }

    /** Read once, and only by somebody who needs it. */
    private static final class Tables {
        static final Map<Architecture, SyscallTable> ALL = new EnumMap<>(Architecture.class);

        static {
            for (Architecture architecture : Architecture.values()) {
                ALL.put(architecture, parse(resource(architecture.kernelName() + ".syscalls")));
            }
        }
    }

    static SyscallTable of(Architecture architecture) {
        SyscallTable table = Tables.ALL.get(architecture);
        if (table == null) {
            throw new IllegalStateException("no table for " + architecture);
        }
        return table;
    }

    /** Whether any architecture has a call of that name. */
    static boolean knowsAnywhere(String name) {
        return Tables.ALL.values().stream().anyMatch(table -> table.numbers.containsKey(name));
    }

    /** Lines of a number and a name. */
    static SyscallTable parse(String text) {
        SortedMap<Integer, String> names = new TreeMap<>();
        text.lines().forEach(line -> {
            int blank = line.indexOf(' ');
            if (names.put(Integer.parseInt(line.substring(0, blank)), line.substring(blank + 1)) != null) {
                throw new IllegalArgumentException("two system calls with one number: " + line);
            }
        });
        return new SyscallTable(names);
    }

    private static String resource(String file) {
        try (InputStream in = SyscallTable.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new FileNotFoundException(file);
            }
            return new String(in.readAllBytes(), UTF_8);
        } catch (IOException broken) {
            throw new UncheckedIOException("the jar has no table of system calls", broken);
        }
    }

    /** All of them by number. */
    SortedMap<Integer, String> names() {
        return names;
    }

    Optional<String> name(int number) {
        return Optional.ofNullable(names.get(number));
    }

    OptionalInt number(String name) {
        Integer number = numbers.get(name);
        return number == null ? OptionalInt.empty() : OptionalInt.of(number);
    }
}
