package dev.corral.examples.classic;

import static dev.corral.namespaces.NamespaceType.PID;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.corral.Child;
import dev.corral.Command;
import dev.corral.Confinement;
import dev.corral.Result;
import dev.corral.namespaces.ContainerFiles;
import dev.corral.namespaces.Isolation;
import dev.corral.namespaces.NamespaceInfo;
import dev.corral.namespaces.Namespaces;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/** What one does with containers day by day, as calls: run, list, inspect, attach, exec, copy, enter, stop, start again. */
public final class DailyCommands {
    private DailyCommands() {}

    /** Takes no arguments. */
    public static void main(String... arguments) throws IOException, InterruptedException {
        run(System.out::println);
    }

    static void run(Consumer<String> out) throws IOException, InterruptedException {
        Command box = Command.of("cat").with(Isolation.sandbox().hostname("box")); // says again what it is told
        try (Child child = box.start()) {
            out.accept("run      " + child.command() + " as pid " + child.payloadPid());
            out.accept("list     " + listed(child).orElseThrow());
            out.accept("inspect  " + Namespaces.of(child.payloadPid()).asMap().values() + " "
                    + child.usage().orElseThrow());
            out.accept("attach   " + told(child, "are you there?"));
            try (Child inside = child.exec(Command.of("uname", "-n"))) {
                out.accept("exec     " + inside.inputReader(UTF_8).readLine());
            }
            out.accept("copy     " + copiedInAndOut(child, "a letter"));
            out.accept("enter    " + entered(child));
            out.accept("stop     " + child.stop(Duration.ofSeconds(5)));
        }
        try (Child again = box.start()) { // a command is a value: it can be started as often as one likes
            out.accept("again    " + told(again, "and now?"));
        }
    }

    /** There is no daemon that keeps a list: the children are those one holds. This is what the kernel knows of one. */
    private static Optional<NamespaceInfo> listed(Child child) {
        return Namespaces.list(PID).stream()
                .filter(each -> each.namespace()
                        .equals(Namespaces.of(child.payloadPid()).get(PID).namespace()))
                .findFirst();
    }

    private static String told(Child child, String line) throws IOException {
        child.outputWriter(UTF_8).append(line).append('\n').flush();
        return child.inputReader(UTF_8).readLine();
    }

    /** In its namespaces, and not in its groups, nor with its filter: nsenter -t PID -a. */
    private static String entered(Child child) throws InterruptedException {
        Confinement there = Namespaces.of(child.payloadPid()).join();
        Result result = Command.of("uname", "-n").with(there).run().orThrow();
        return result.output().text().strip();
    }

    private static String copiedInAndOut(Child child, String text) throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory("corral-daily-");
        Path sent = Files.writeString(directory.resolve("sent"), text);
        Path received = directory.resolve("received");
        try {
            ContainerFiles files = ContainerFiles.of(child);
            files.copyIn(sent, Path.of("/tmp/letter"));
            try (Child louder = child.exec(Command.of("sh", "-c", "tr a-z A-Z < /tmp/letter > /tmp/answer"))) {
                louder.await().orThrow();
            }
            files.copyOut(Path.of("/tmp/answer"), received);
            return Files.readString(received).strip();
        } finally {
            Files.deleteIfExists(received);
            Files.delete(sent);
            Files.delete(directory);
        }
    }
}
