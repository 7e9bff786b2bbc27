package dev.corral.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.corral.Command;
import dev.corral.Confinement;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What the kernel says of a process. Source: proc_pid_status(5).
 *
 * @param fields by their names, blanks as single ones
 */
public record Status(Map<String, String> fields) {
    /** Of a process of the host. */
    public static Status of(long pid) throws IOException {
        return parse(new String(Files.readAllBytes(Path.of("/proc/" + pid + "/status")), UTF_8));
    }

    /** Of a program, as it sees itself under some confinements. */
    public static Status inside(Confinement... confinements) throws IOException {
        Command command = Command.of("cat", "/proc/self/status");
        for (Confinement confinement : confinements) {
            command = command.with(confinement);
        }
        return inside(command);
    }

    /** What a command prints, which has to be a status. */
    public static Status inside(Command command) throws IOException {
        return parse(Outputs.of(command));
    }

    /** From the text of the file. */
    public static Status parse(String text) {
        return new Status(text.lines()
                .filter(line -> line.contains(":"))
                .collect(Collectors.toMap(
                        line -> line.substring(0, line.indexOf(':')),
                        line -> line.substring(line.indexOf(':') + 1).strip().replaceAll("\\s+", " "))));
    }

    /** A field's text; fails if there is none. */
    public String get(String field) {
        if (!fields.containsKey(field)) {
            throw new AssertionError("no " + field + " in " + fields);
        }
        return fields.getOrDefault(field, "");
    }

    /** A field that is a mask in hexadecimal, such as CapEff. */
    public long mask(String field) {
        return Long.parseUnsignedLong(get(field), 16);
    }
}
