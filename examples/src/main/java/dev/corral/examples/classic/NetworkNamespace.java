package dev.corral.examples.classic;

import static dev.corral.namespaces.NamespaceType.NET;
import static dev.corral.namespaces.NamespaceType.USER;

import dev.corral.Child;
import dev.corral.Command;
import dev.corral.namespaces.NamespaceInfo;
import dev.corral.namespaces.NamespaceLink;
import dev.corral.namespaces.Namespaces;
import java.util.List;

/** A network namespace with {@code sleep 60} in it, found in the list of all of them, and entered to see its interfaces. */
public final class NetworkNamespace {
    private NetworkNamespace() {}

    /**
     * What was seen.
     *
     * @param listed the new namespace, as the list of the host's has it
     * @param inside names of the interfaces in it
     * @param outside names of the interfaces of this JVM
     */
    record Seen(NamespaceInfo listed, List<String> inside, List<String> outside) {}

    /** Takes no arguments. */
    public static void main(String... arguments) throws InterruptedException {
        Seen seen = run();
        System.out.println(seen.listed());
        System.out.println("interfaces inside:  " + seen.inside());
        System.out.println("interfaces outside: " + seen.outside());
    }

    static Seen run() throws InterruptedException {
        Command sleep = Command.of("sleep", "60").with(Namespaces.unshare(USER, NET)); // unshare -rn sleep 60
        try (Child sleeper = sleep.start()) {
            NamespaceLink net = Namespaces.of(sleeper.pid()).get(NET); // ls -l /proc/PID/ns/net
            NamespaceInfo listed = Namespaces.list(NET).stream() // lsns -t net
                    .filter(each -> each.namespace().equals(net.namespace()))
                    .findFirst()
                    .orElseThrow();
            Command interfaces = Command.of("cat", "/proc/net/dev");
            return new Seen(
                    listed, names(interfaces.with(net.join())), names(interfaces)); // nsenter -t PID -Un cat ...
        }
    }

    /** Below two lines of headings, a line for each interface: its name, a colon, numbers. Source: proc_pid_net(5). */
    private static List<String> names(Command interfaces) throws InterruptedException {
        return interfaces.run().orThrow().output().lines().stream()
                .skip(2)
                .map(line -> line.substring(0, line.indexOf(':')).strip())
                .toList();
    }
}
