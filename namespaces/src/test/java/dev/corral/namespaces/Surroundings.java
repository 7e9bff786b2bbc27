package dev.corral.namespaces;

import dev.corral.Child;
import dev.corral.Command;
import dev.corral.Confinement;
import dev.corral.Environment;
import dev.corral.Exit;
import dev.corral.Identity;
import dev.corral.Launch.IdRange;
import dev.corral.Stdio;
import dev.corral.internal.linux.LibC;
import dev.corral.privileges.Seccomp;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Starts a JVM with tests in a place like those that container engines make for it, and made by this library: the profile
 * "nested" has Surefire do that instead of starting the JVM itself.
 *
 * <p>Files of the build belong to whoever runs it, and tests write to them. So that id is the one that the JVM with the tests
 * has outside, whatever it is called inside; a range of ids of their own would need a copy of everything. The host's root may
 * not be mapped without more ado, and isn't: an ordinary user runs these.
 */
final class Surroundings {
    private static final long ORDINARY = 1000;

    private Surroundings() {}

    /** Where, the program, and its arguments. */
    public static void main(String[] arguments) throws InterruptedException {
        List<String> line = new ArrayList<>(List.of(arguments));
        Confinement place = place(line.remove(0));
        Command java = Command.of(line)
                .environment(Environment.inherited())
                .directory(Path.of("").toAbsolutePath())
                .input(Stdio.inherit())
                .output(Stdio.inherit())
                .error(Stdio.inherit())
                .with(place);
        try (Child tests = java.start()) {
            Exit exit = tests.await();
            if (!exit.ok()) {
                System.err.println("the JVM with the tests: " + exit);
            }
            System.exit(exit.ok() ? 0 : 1);
        }
    }

    private static Confinement place(String name) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "container" -> container();
            case "ordinary" -> ordinary();
            case "forbidden" -> Seccomp.defaultProfile();
            default ->
                throw new IllegalArgumentException(
                        "surroundings \"" + name + "\": there are container, ordinary and forbidden");
        };
    }

    /**
     * Namespaces of its own, its /proc masked, a file tree with the host's files: root inside, with that one id. Setuid
     * programs work, as they do in the containers of Docker.
     */
    private static Confinement container() {
        return launch -> {
            isolation().prepare(launch);
            launch.allowNewPrivileges();
        };
    }

    private static Isolation isolation() {
        return Isolation.full().hostname("nested").root(RootFilesystem.from(Path.of("/")));
    }

    /** The same as somebody without privilege. The ids for root, which nobody is, come from /etc/subuid. */
    private static Confinement ordinary() {
        IdMap given = IdMap.subordinate();
        IdMap map =
                IdMap.of(swapped(given.users(), LibC.effectiveUser()), swapped(given.groups(), LibC.effectiveGroup()));
        return launch -> {
            isolation().idMap(map).prepare(launch);
            launch.identity(Identity.of(ORDINARY, ORDINARY));
        };
    }

    private static List<IdRange> swapped(List<IdRange> given, long own) {
        return List.of(new IdRange(0, given.get(1).outside(), 1), new IdRange(ORDINARY, own, 1));
    }
}
