package dev.corral.cgroups;

import dev.corral.internal.linux.FileNames;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How to ask systemd for a scope with a subtree of groups of one's own. Immutable.
 *
 * @param name of the unit, without {@code .scope}: letters, digits and {@code :-_.}, at most 200 of them
 * @param slice the slice to lie in, such as {@code builds.slice}; empty for systemd's choice
 * @param path the directories in which the programs of systemd are looked for
 * @param runtime where {@code systemd/system} lies if systemd runs the machine: {@code /run}
 * @param patience how long it may take
 */
public record ScopeRequest(String name, Optional<String> slice, List<Path> path, Path runtime, Duration patience) {
    private static final int LONGEST = 200;
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    public ScopeRequest {
        path = List.copyOf(path);
        check("scope", name);
        slice.ifPresent(text -> check("slice", text));
    }

    /** One of that name, asked for with the programs on this process's {@code PATH}. */
    public static ScopeRequest named(String name) {
        List<Path> path = Stream.of(Optional.ofNullable(System.getenv("PATH"))
                        .orElse("/usr/bin:/bin")
                        .split(":", -1))
                .filter(directory -> directory.startsWith("/"))
                .map(FileNames::path)
                .toList();
        return new ScopeRequest(name, Optional.empty(), path, Path.of("/run"), PATIENCE);
    }

    /** In a slice; {@code a-b.slice} lies in {@code a.slice}. Source: systemd.slice(5). */
    public ScopeRequest slice(String unit) {
        return new ScopeRequest(name, Optional.of(unit), path, runtime, patience);
    }

    /** With other directories to look for {@code busctl} and {@code systemd-run} in. */
    public ScopeRequest path(List<Path> directories) {
        return new ScopeRequest(name, slice, directories, runtime, patience);
    }

    /** With another directory in place of {@code /run}. */
    public ScopeRequest runtime(Path directory) {
        return new ScopeRequest(name, slice, path, directory, patience);
    }

    /** With another limit to how long systemd may take. */
    public ScopeRequest patience(Duration limit) {
        return new ScopeRequest(name, slice, path, runtime, limit);
    }

    String unit() {
        return name + ".scope";
    }

    private static void check(String what, String name) {
        boolean allowed =
                name.chars().allMatch(c -> c < 128 && (Character.isLetterOrDigit(c) || ":-_.".indexOf(c) >= 0));
        if (name.isEmpty() || name.length() > LONGEST || !allowed || name.startsWith("-")) {
            throw new IllegalArgumentException(what + " name \"" + name
                    + "\": it must have 1 to 200 letters, digits or :-_. and not begin with a dash");
        }
    }
}
