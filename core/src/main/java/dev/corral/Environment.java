package dev.corral;

import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The environment variables of a child, sorted by name. Nothing of the JVM's own environment is in it unless asked for:
 * secrets do not leak by default.
 *
 * @param variables names to values, without NUL; names not empty and without {@code =}; at most 131,070 bytes together
 */
public record Environment(Map<String, String> variables) {
    private static final Environment EMPTY = new Environment(Map.of());

    /** Refuses a name or value that the kernel could not carry with an IllegalArgumentException. */
    public Environment {
        TreeMap<String, String> sorted = new TreeMap<>();
        variables.forEach((name, value) -> {
            if (name.isEmpty() || name.indexOf('=') >= 0) {
                throw new IllegalArgumentException(
                        "environment variable \"" + name + "\": a name is not empty and has no =");
            }
            Texts.check("environment variable name", name);
            Texts.check("environment variable " + name, name + "=" + value);
            sorted.put(name, value);
        });
        variables = Collections.unmodifiableMap(sorted);
    }

    /** No variable at all. */
    public static Environment empty() {
        return EMPTY;
    }

    /** All of the JVM's own environment. */
    public static Environment inherited() {
        return new Environment(OwnEnvironment.variables());
    }

    /** With one more variable, which replaces one of the same name. */
    public Environment with(String name, String value) {
        Map<String, String> more = new TreeMap<>(variables);
        more.put(name, value);
        return new Environment(more);
    }

    /** With these of the JVM's own variables, as far as they are set. */
    public Environment inheriting(String... names) {
        Map<String, String> more = new TreeMap<>(variables);
        Map<String, String> own = OwnEnvironment.variables();
        for (String name : names) {
            Optional.ofNullable(own.get(name)).ifPresent(value -> more.put(name, value));
        }
        return new Environment(more);
    }

    /** The value of a variable; empty if it is not set. */
    public Optional<String> get(String name) {
        return Optional.ofNullable(variables.get(name));
    }
}
