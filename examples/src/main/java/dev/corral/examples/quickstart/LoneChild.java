package dev.corral.examples.quickstart;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.corral.Child;
import dev.corral.Command;
import dev.corral.Exit;
import dev.corral.examples.quickstart.payload.WhoAmI;
import dev.corral.namespaces.Isolation;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** One child, started directly: it has all seven namespaces for itself. */
final class LoneChild {
    private static final List<String> NAMESPACES = List.of("user", "mnt", "pid", "net", "uts", "ipc", "cgroup");
    private static final String HOSTNAME = "alone";

    private final Payload payload;

    LoneChild(Payload payload) {
        this.payload = payload;
    }

    String prove() throws IOException, InterruptedException {
        Command command =
                Command.of(payload.java(WhoAmI.class)).with(Isolation.full().hostname(HOSTNAME));
        try (Child child = command.start()) {
            String told = new String(child.getInputStream().readAllBytes(), UTF_8);
            String complaint = new String(child.getErrorStream().readAllBytes(), UTF_8);
            Exit exit = child.await();
            Claim.check(exit.ok(), "it " + exit + ": " + complaint);
            Inside inside = Inside.parse(told);
            Claim.check(inside.hostname().equals(HOSTNAME), "its host name is " + inside.hostname());
            Claim.check(inside.pid() < child.pid(), "it sees itself under pid " + inside.pid());
            return "it sees itself as pid " + inside.pid() + " on host " + HOSTNAME + "\n" + compare(inside);
        }
    }

    private static Table compare(Inside inside) throws IOException {
        Table table = Table.of("INSIDE", "OUTSIDE");
        for (String name : NAMESPACES) {
            String there = inside.namespace(name);
            Optional<String> here = Outside.self().namespace(name);
            Claim.check(here.isPresent() && !here.get().equals(there), "it shares " + there + " with this JVM");
            table = table.row(there, here.get());
        }
        return table;
    }
}
