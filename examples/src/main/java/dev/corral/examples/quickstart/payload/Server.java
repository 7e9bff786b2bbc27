package dev.corral.examples.quickstart.payload;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A web server on loopback. It reads {@code PORT} (0 or none for a free one) and {@code VERSION} from its environment,
 * answers {@code /healthz}, {@code /version} and {@code /whoami} in plain text, and prints its port once it listens.
 *
 * <p>SIGTERM lets requests that have begun come to their end, up to ten seconds, and then ends it with exit code 0.
 */
public final class Server {
    private static final int GRACE_SECONDS = 10;
    private static final int THREADS = 4;

    private final HttpServer http;
    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    private final AtomicInteger open = new AtomicInteger();

    private Server(HttpServer http) {
        this.http = http;
    }

    /** Takes no arguments. */
    public static void main(String[] arguments) throws IOException {
        System.setProperty(
                "sun.net.httpserver.nodelay", "true"); // else an answer can wait 40 ms for an acknowledgement
        Map<String, String> environment = System.getenv();
        int port = Integer.parseInt(environment.getOrDefault("PORT", "0"));
        String version = environment.getOrDefault("VERSION", "unknown");

        Server server = new Server(HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0));
        server.answer("/healthz", () -> "ok");
        server.answer("/version", () -> version);
        server.answer("/whoami", WhoAmI::text);
        server.start();
        System.out.println("listening on port " + server.http.getAddress().getPort());
    }

    private void answer(String path, Answer answer) {
        http.createContext(path, exchange -> respond(exchange, answer));
    }

    private void start() {
        http.setExecutor(this::run);
        Runtime.getRuntime().addShutdownHook(new Thread(this::stop, "stop"));
        http.start();
    }

    /** A request counts as open from the moment its first bytes were seen. */
    private void run(Runnable request) {
        open.incrementAndGet();
        threads.execute(() -> {
            try {
                request.run();
            } finally {
                open.decrementAndGet();
            }
        });
    }

    /** The JVM would end with code 143 after SIGTERM; halting says that this end is as good as any. */
    private void stop() {
        int waiting = open.get();
        System.out.println("stopping, " + waiting + " open requests");
        http.stop(waiting == 0 ? 0 : GRACE_SECONDS); // with nothing open some JDKs wait all the time they are given
        System.out.flush();
        Runtime.getRuntime().halt(0);
    }

    private static void respond(HttpExchange exchange, Answer answer) throws IOException {
        try (exchange) {
            exchange.getRequestBody().readAllBytes();
            byte[] body = (answer.text() + "\n").getBytes(UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    @FunctionalInterface
    private interface Answer {
        String text() throws IOException;
    }
}
