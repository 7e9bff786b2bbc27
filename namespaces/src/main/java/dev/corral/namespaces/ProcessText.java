package dev.corral.namespaces;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the kernel writes about a process, and /etc/passwd about its user. Source: proc(5), passwd(5). */
final class ProcessText {
    private ProcessText() {}

    /** The effective user id, from {@code /proc/PID/status}. */
    static Optional<Long> effectiveUser(String status) {
        String[] ids = field(status, "Uid").split("\\s+", -1);
        return ids.length > 1 ? number(ids[1]) : Optional.empty();
    }

    /**
     * The arguments with blanks between them, from {@code /proc/PID/cmdline}; the name of the program from {@code
     * /proc/PID/status} for a process that has none, as those of the kernel.
     */
    static String command(String commandLine, String status) {
        String arguments = commandLine.replace('\0', ' ').strip();
        return arguments.isEmpty() ? field(status, "Name") : arguments;
    }

    private static String field(String status, String name) {
        return status.lines()
                .filter(line -> line.startsWith(name + ":"))
                .map(line -> line.substring(name.length() + 1).strip())
                .findFirst()
                .orElse("");
    }

    /** The names of each user id, from /etc/passwd in its order; never an empty list. */
    static Map<Long, List<String>> userNames(String passwd) {
        Map<Long, List<String>> names = new HashMap<>();
        for (String line : passwd.lines().toList()) {
            String[] fields = line.split(":", -1);
            if (fields.length > 2 && !fields[0].isEmpty()) {
                number(fields[2])
                        .ifPresent(uid -> names.computeIfAbsent(uid, first -> new ArrayList<>())
                                .add(fields[0]));
            }
        }
        return names;
    }

    private static Optional<Long> number(String text) {
        return Digits.are(text, 18) ? Optional.of(Long.parseLong(text)) : Optional.empty();
    }
}
