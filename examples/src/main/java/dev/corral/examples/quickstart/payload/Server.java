package dev.corral.examples.quickstart.payload;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A web server on loopback. It reads {@code PORT} (0 or none for a free one) and {@code VERSION} from its environment,
 * answers {@code /healthz}, {@code /version} and {@code /whoami} in plain text, and prints its port once it listens.
 *
 * <p>SIGTERM lets requests that have begun come to their end, up to ten seconds, and then ends it with exit code 0.
 */
public final class Server {
    private static final Duration GRACE = Duration.ofSeconds(10);
    private static final int THREADS = 4;

    private final HttpServer http;
    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    private int open;

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
        count(1);
        threads.execute(() -> {
            try {
                request.run();
            } finally {
                count(-1);
            }
        });
    }

    /** The JVM would end with code 143 after SIGTERM; halting says that this end is as good as any. */
    private void stop() {
        System.out.println("stopping, " + open() + " open requests");
        Thread closing = new Thread(() -> http.stop((int) GRACE.toSeconds()), "close");
        closing.setDaemon(true); // refuses new connections at once, but can wait all the time even with nothing open
        closing.start();
        awaitNothingOpen();
        System.out.flush();
        Runtime.getRuntime().halt(0);
    }

    private synchronized void count(int change) {
        open += change;
        notifyAll();
    }

    private synchronized int open() {
        return open;
    }

    private synchronized void awaitNothingOpen() {
        long deadline = System.nanoTime() + GRACE.toNanos();
        try {
            for (long left = GRACE.toMillis();
                    open > 0 && left > 0;
                    left = (deadline - System.nanoTime()) / 1_000_000) {
                wait(left);
            }
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
        }
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
