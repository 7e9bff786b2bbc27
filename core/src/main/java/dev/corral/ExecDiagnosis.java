package dev.corral;

import dev.corral.ChildTree.Place;
import dev.corral.internal.launch.StepFailed;
import dev.corral.internal.linux.Errno;
import dev.corral.internal.linux.LibC;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What an error code means for the last step, and for the working directory before it. */
final class ExecDiagnosis {
    /** How deep scripts may be the interpreters of scripts. Source: execve(2). */
    private static final int MOST_INTERPRETERS = 5;

    private ExecDiagnosis() {}

    static String directory(Launch launch, StepFailed failed) {
        return switch (failed.errno()) {
            case Errno.EACCES ->
                "the directory can't be entered by " + identity(launch)
                        + ": copy what the program needs to a place that others may read";
            case Errno.ENOENT ->
                launch.root.isNew()
                        ? "there is no such directory in its file tree: bind one there, or make it"
                        : "there is no such directory";
            case Errno.ENOTDIR -> "it is not a directory";
            default -> Diagnosis.shortage(failed.errno());
        };
    }

    static String of(Launch launch, StepFailed failed) {
        List<String> candidates = PlanMaker.candidates(launch.command());
        return switch (failed.errno()) {
            case Errno.ENOENT -> missing(new ChildTree(launch), candidates, oneText(launch.command()));
            case Errno.EACCES -> denied(launch, candidates, candidates.get(failed.index()));
            case Errno.ENOEXEC -> noProgram(new ChildTree(launch), candidates.get(failed.index()));
            case Errno.E2BIG -> tooLarge(launch.command());
            case Errno.ENAMETOOLONG -> "a path has at most 4095 bytes, a name in it 255";
            case Errno.ETXTBSY -> "somebody has it open for writing: wait until it is closed";
            default -> Diagnosis.shortage(failed.errno());
        };
    }

    /** The program and who is run in its place, as far as they are there; then what is missing, if anything is. */
    private static List<Place> chain(ChildTree tree, String program) {
        List<Place> chain = new ArrayList<>();
        Optional<String> next = Optional.of(program);
        while (next.isPresent() && chain.size() < MOST_INTERPRETERS) {
            Optional<Place> place = next.flatMap(tree::find);
            place.ifPresent(chain::add);
            next = place.flatMap(found -> found.head().interpreter());
        }
        return chain;
    }

    private static String missing(ChildTree tree, List<String> candidates, String clue) {
        String looked = "looked for " + String.join(", ", candidates);
        if (!tree.isKnown()) {
            return "there is no such program in that file tree, or the interpreter that it names is not there; "
                    + looked + clue;
        }
        for (String candidate : candidates) {
            List<Place> chain = chain(tree, candidate);
            if (!chain.isEmpty()) {
                Place last = chain.get(chain.size() - 1);
                return last.name() + " exists, but "
                        + last.head()
                                .interpreter()
                                .map(name -> absent(last.head(), name))
                                .orElse("something that it needs does not");
            }
        }
        return "there is no such program; " + looked + clue;
    }

    private static String absent(ProgramHead head, String interpreter) {
        if (!head.isScript()) {
            return "the dynamic loader that it needs does not: " + interpreter;
        }
        return interpreter.endsWith("\r")
                ? "its #! line ends in a carriage return, and there is no interpreter of that name: end its lines with line"
                        + " feeds alone"
                : "the interpreter that its #! line names does not: " + interpreter;
    }

    /** All arguments in one text, as a shell would take them. */
    private static String oneText(Command command) {
        String program = command.arguments().get(0);
        return command.arguments().size() == 1 && program.contains(" ")
                ? "; its name has a space: each argument is a text of its own, as in Command.of(\"sleep\", \"60\")"
                : "";
    }

    /** Of several candidates the kernel's code is that of a directory which nobody may enter, whatever is in there. */
    private static String denied(Launch launch, List<String> candidates, String refused) {
        ChildTree tree = new ChildTree(launch);
        Optional<String> there = Stream.concat(Stream.of(refused), candidates.stream())
                .filter(candidate -> tree.find(candidate).isPresent())
                .findFirst();
        if (there.isEmpty() && candidates.size() > 1 && !tree.isKnown()) {
            return "there is no such program in that file tree, or none that may be reached and executed; looked for "
                    + String.join(", ", candidates)
                    + ": correct the name, or copy the program to a place that others may read";
        }
        if (there.isEmpty() && candidates.size() > 1) {
            return "there is no such program where " + identity(launch) + " may look; looked for "
                    + String.join(", ", candidates) + "; the way to " + refused.substring(0, refused.lastIndexOf('/'))
                    + " can't be entered: correct the name, or copy the program to a place that others may read";
        }
        List<Place> chain = chain(tree, there.orElse(refused));
        for (Place place : chain) {
            String what = what(place, refused, there.orElse(refused));
            if (place.directory()) {
                return what + " is a directory";
            }
            if (!place.marked()) {
                return what + " has no execute permission (chmod +x)";
            }
            if (place.noexec()) {
                return what + " lies on a mount with noexec: copy it elsewhere, or mount that without";
            }
        }
        return LandlockClue.of(launch, tree)
                .flatMap(rules -> rules.firstOutside(chain))
                .map(place -> what(place, refused, there.orElse(refused))
                        + " may not be executed by the Landlock rules, none of which is about a place above it: add one with"
                        + " execute, and others for what it needs, such as its interpreter and its loader")
                .orElseGet(() -> there.filter(found -> !found.equals(refused)).orElse("it")
                        + " can't be reached or executed by " + identity(launch)
                        + ": copy it to a place that others may read");
    }

    private static String what(Place place, String refused, String program) {
        if (place.name().equals(refused)) {
            return "it";
        }
        return place.name().equals(program) ? place.name() : "its interpreter " + place.name();
    }

    private static String noProgram(ChildTree tree, String program) {
        for (Place place : chain(tree, program)) {
            String what = place.name().equals(program) ? "it" : "its interpreter " + place.name();
            Optional<String> machine = place.head().foreignMachine(System.getProperty("os.arch", ""));
            if (machine.isPresent()) {
                return what + " is a program for " + machine.get() + ", which this machine is not";
            }
        }
        return "it is neither a program nor a script with a #! line: name its interpreter, as in sh FILE";
    }

    private static String tooLarge(Command command) {
        long arguments = command.arguments().stream()
                .mapToLong(text -> Texts.bytes(text) + 1L)
                .sum();
        long variables = command.environment().variables().entrySet().stream()
                .mapToLong(one -> Texts.bytes(one.getKey()) + Texts.bytes(one.getValue()) + 2L)
                .sum();
        return "arguments (" + ByteSize.bytes(arguments) + ") and environment (" + ByteSize.bytes(variables)
                + ") together are too large: the kernel takes a quarter of RLIMIT_STACK, 6 MiB at most";
    }

    /** Whom the kernel asks for permission: root inside, as the host knows it. */
    private static String identity(Launch launch) {
        Optional<Launch.IdRange> root = launch.idMaps.users().stream()
                .filter(range -> range.inside() == 0)
                .findFirst();
        return "uid " + root.map(Launch.IdRange::outside).orElse((long) LibC.effectiveUser())
                + (root.isPresent() ? " (root inside the user namespace)" : "");
    }
}
