package dev.corral.namespaces;

import dev.corral.Command;
import dev.corral.Launch;
import dev.corral.Launch.IdRange;
import dev.corral.Result;
import dev.corral.Stdio;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * newuidmap(1) and newgidmap(1), which map for an ordinary user what /etc/subuid and /etc/subgid give to it.
 *
 * @param etc where those files are
 * @param status the JVM's status file in /proc
 * @param directories where the programs may be, the first one found counts
 * @param limit how long one of them may take
 */
record MapHelper(Path etc, Path status, List<Path> directories, Account account, Duration limit) {
    private static final Path ETC = Path.of("/etc");
    /** They may ask a directory server. A launch may take 10 s in all. */
    private static final Duration LIMIT = Duration.ofSeconds(4);

    private static final String USERS = "newuidmap";
    private static final String GROUPS = "newgidmap";

    MapHelper {
        directories = List.copyOf(directories);
    }

    static MapHelper ofThisHost(Account account) {
        List<Path> directories = List.of(Path.of("/usr/bin"), Path.of("/usr/local/bin"), Path.of("/bin"));
        return new MapHelper(ETC, Path.of("/proc/self/status"), directories, account, LIMIT);
    }

    /** Whether the launcher may not write a map itself: without the capabilities for more, one's own ids are all it may map. */
    boolean isNeededFor(IdMap map) {
        return !account.mapsOthers() && !(isOnly(account.uid(), map.users()) && isOnly(account.gid(), map.groups()));
    }

    private static boolean isOnly(long id, List<IdRange> ranges) {
        return ranges.size() == 1 && ranges.get(0).count() == 1 && ranges.get(0).outside() == id;
    }

    /** Throws what can be told beforehand. */
    void check(IdMap map) {
        program(USERS);
        program(GROUPS);
        if (ProcFiles.textOrEmpty(status).contains("NoNewPrivs:\t1")) {
            throw new IdMapRefused(
                    "the JVM runs with no_new_privs, which leaves " + USERS + " and " + GROUPS
                            + " without their privilege: start it without, or map no more than its own ids",
                    null);
        }
        if (!asksOthers(ProcFiles.textOrEmpty(etc.resolve("nsswitch.conf")))) {
            cover("subuid", account.uid(), map.users());
            cover("subgid", account.gid(), map.groups());
        }
    }

    /** Whether ids are given away by something else than the files. Source: the line subid of nsswitch.conf(5). */
    private static boolean asksOthers(String nsswitch) {
        return nsswitch.lines().anyMatch(line -> line.startsWith("subid:") && !line.matches("subid:\\s*files\\s*"));
    }

    private void cover(String file, long own, List<IdRange> ranges) {
        SubordinateIds given = IdChoice.subordinate(etc, file, account);
        for (IdRange range : ranges) {
            boolean self = range.outside() == own && range.count() == 1;
            if (!self && !given.cover(range.outside(), range.count())) {
                throw new IdMapRefused(
                        given.first().isEmpty()
                                ? IdChoice.noLine(etc, file, account)
                                : etc.resolve(file) + " does not give " + range.outside() + " to "
                                        + (range.outside() + range.count() - 1) + " to " + account.name() + ", but "
                                        + given.grants(),
                        null);
            }
        }
    }

    private Path program(String name) {
        return directories.stream()
                .map(directory -> directory.resolve(name))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new IdMapRefused(
                        "there is no " + name + " in " + directories
                                + ", which it takes to map more than one's own ids (Debian's package uidmap)",
                        null));
    }

    /** The command lines that map the ids of a process, users first. */
    List<List<String>> commandLines(IdMap map, long pid) {
        return List.of(commandLine(USERS, pid, map.users()), commandLine(GROUPS, pid, map.groups()));
    }

    private List<String> commandLine(String name, long pid, List<IdRange> ranges) {
        List<String> line = new ArrayList<>(List.of(program(name).toString(), Long.toString(pid)));
        for (IdRange range : ranges) {
            line.add(Long.toString(range.inside()));
            line.add(Long.toString(range.outside()));
            line.add(Long.toString(range.count()));
        }
        return line;
    }

    /**
     * Maps the ids of a process in a new user namespace without maps.
     *
     * @throws IdMapRefused with what the program said
     */
    void map(IdMap map, long pid) {
        for (List<String> line : commandLines(map, pid)) {
            Command command = Command.of(line)
                    .input(Stdio.nothing())
                    .output(Stdio.nothing())
                    .timeLimit(limit, Duration.ZERO)
                    .with(Launch::allowNewPrivileges); // they are setuid programs
            try {
                Result result = command.run();
                if (!result.exit().ok()) {
                    String said = result.error().text().strip();
                    throw new IdMapRefused(String.join(" ", line) + ": " + result.exit() + ": " + said, null);
                }
            } catch (InterruptedException cancelled) {
                Thread.currentThread().interrupt();
                throw new IdMapRefused(String.join(" ", line) + ": interrupted", cancelled);
            }
        }
    }
}
