package dev.corral.examples.classic;

import static dev.corral.namespaces.NamespaceType.NET;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import dev.corral.Capabilities;
import dev.corral.Child;
import dev.corral.Command;
import dev.corral.Feature;
import dev.corral.namespaces.Isolation;
import dev.corral.namespaces.RootFilesystem;
import dev.corral.network.Attachment;
import dev.corral.network.Network;
import dev.corral.network.UserModeUnavailable;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Objects;

/** A web server that reads its environment, alone with the JDK in a file tree and a network of its own, asked at a published port. */
public final class HttpServer {
    private static final int PORT = 8080;
    private static final Path JAVA_HOME = Path.of(System.getProperty("java.home"));

    private HttpServer() {}

    /** What runs in the child: the JDK's own server, which needs nothing besides this class. */
    static final class Greeter {
        private Greeter() {}

        /** Takes no arguments. */
        public static void main(String... arguments) throws IOException {
            int port = Integer.parseInt(System.getenv("PORT"));
            var server = com.sun.net.httpserver.HttpServer.create(
                    new InetSocketAddress(InetAddress.getByName("0.0.0.0"), port), 0);
            server.createContext("/", Greeter::greet);
            server.start();
            System.out.println("listening");
        }

        private static void greet(HttpExchange exchange) throws IOException {
            try (exchange) {
                byte[] answer = (System.getenv("GREETING") + " from pid "
                                + ProcessHandle.current().pid())
                        .getBytes(UTF_8);
                exchange.sendResponseHeaders(200, answer.length);
                exchange.getResponseBody().write(answer);
            }
        }
    }

    /** Takes no arguments. */
    public static void main(String... arguments) throws IOException, InterruptedException {
        try {
            System.out.println(run());
        } catch (UserModeUnavailable without) {
            System.out.println(without.getMessage());
        }
    }

    /** What the server has answered. */
    static String run() throws IOException, InterruptedException {
        Command server = Command.of(java(), "-cp", "/app", Greeter.class.getName())
                .env("PORT", Integer.toString(PORT))
                .env("GREETING", "hello")
                .with(Isolation.full().without(NET).root(files()))
                .with(network().publish(0, PORT)); // 0: a port of the host that is free
        try (Child child = server.start()) {
            String first = child.inputReader(UTF_8).readLine(); // it writes one when it is ready
            if (!"listening".equals(first)) {
                throw new IllegalStateException(
                        "not a server: " + child.errorReader(UTF_8).readLine());
            }
            InetSocketAddress address = child.find(Attachment.class)
                    .flatMap(net -> net.published(PORT))
                    .orElseThrow();
            URI uri = URI.create("http://" + address.getHostString() + ":" + address.getPort() + "/");
            HttpRequest question = HttpRequest.newBuilder(uri).build();
            return HttpClient.newHttpClient()
                    .send(question, HttpResponse.BodyHandlers.ofString())
                    .body();
        }
    }

    /** The host's programs, this JVM's JDK wherever it is, and the one class. */
    private static RootFilesystem files() throws IOException {
        Path place = Path.of("/app", Greeter.class.getName().replace('.', '/') + ".class");
        String name = Greeter.class.getName();
        try (InputStream bytes =
                Greeter.class.getResourceAsStream(name.substring(name.lastIndexOf('.') + 1) + ".class")) {
            return RootFilesystem.hostSystem()
                    .bindReadOnly(JAVA_HOME, JAVA_HOME)
                    .file(place, Objects.requireNonNull(bytes, name).readAllBytes(), 0644);
        }
    }

    private static String java() {
        return JAVA_HOME.resolve("bin/java").toString();
    }

    /** Published ports are the only way in; without root a program of the user's makes the network, slirp4netns or pasta. */
    private static Network network() {
        boolean privileged = Capabilities.probe().has(Feature.NAMESPACES_WITHOUT_USER);
        return privileged ? Network.loopback() : Network.userMode();
    }
}
