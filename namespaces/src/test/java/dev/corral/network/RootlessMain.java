package dev.corral.network;

import static dev.corral.namespaces.NamespaceType.NET;
import static dev.corral.namespaces.NamespaceType.USER;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import dev.corral.Child;
import dev.corral.Command;
import dev.corral.internal.linux.LibC;
import dev.corral.namespaces.Isolation;
import dev.corral.namespaces.Namespaces;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** What an ordinary user does: serve from a child through a published port, or wait to be killed. */
final class RootlessMain {
    private RootlessMain() {}

    public static void main(String[] arguments) throws Exception {
        UserModeProgram program = UserModeProgram.valueOf(arguments[1]);
        Network network = Network.userMode()
                .program(program)
                .timeout(Duration.ofSeconds(30))
                .publish(0, 8000);
        Command server = Command.of("python3", "-m", "http.server", "8000").directory(Path.of("/usr"));
        if (arguments[0].equals("hold")) {
            hold(server, network);
        }
        try (Child child = server.with(Isolation.full()).with(network).start()) {
            Attachment attachment = child.find(Attachment.class).orElseThrow();
            InetSocketAddress published = attachment.published(8000).orElseThrow();
            await().atMost(Duration.ofSeconds(50))
                    .ignoreExceptions()
                    .until(() -> get(published).startsWith("HTTP/1.0 200 OK"));
            System.out.println("as " + LibC.effectiveUser() + ": " + attachment.interfaceName() + ", served by "
                    + program.executable());
        }
    }

    private static void hold(Command server, Network network) throws Exception {
        try (Child child = server.with(Namespaces.unshare(USER, NET)).start();
                Attachment attachment = network.attach(child.payloadPid())) {
            System.out.println("holding " + child.payloadPid() + " " + attachment.interfaceName());
            new CompletableFuture<Void>().get();
        }
    }

    private static String get(InetSocketAddress address) throws IOException {
        try (Socket each = new Socket(address.getAddress(), address.getPort())) {
            each.setSoTimeout(20_000);
            each.getOutputStream().write("GET / HTTP/1.0\r\n\r\n".getBytes(UTF_8));
            return new String(each.getInputStream().readAllBytes(), UTF_8);
        }
    }
}
