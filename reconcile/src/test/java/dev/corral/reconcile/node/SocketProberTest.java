package dev.corral.reconcile.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SocketProberTest {
    private static final Duration SHORT = Duration.ofMillis(200);
    private static final Duration LONG = Duration.ofMinutes(1);

    private final SocketProber prober = new SocketProber();

    @ParameterizedTest
    @CsvSource({
        "HTTP/1.1 200 OK, true",
        "HTTP/1.0 204, true",
        "HTTP/1.1 302 Found, true",
        "HTTP/1.1 399 Odd, true",
        "HTTP/1.1 400 Bad Request, false",
        "HTTP/1.1 503 Service Unavailable, false",
        "HTTP/1.1 199 Early, false",
        "SSH-2.0-OpenSSH, false",
        "'', false"
    })
    void theStatusLineDecides(String status, boolean success) throws IOException {
        try (ServerSocket server = loopback()) {
            CompletableFuture<String> request = answerOnce(server, status + "\r\n\r\nbody");
            assertThat(prober.get(server.getLocalPort(), "/healthz", LONG).success())
                    .isEqualTo(success);
            assertThat(request.join()).isEqualTo("GET /healthz HTTP/1.1");
        }
    }

    @Test
    void aConnectionIsEnoughForTcp() throws IOException {
        try (ServerSocket server = loopback()) {
            assertThat(prober.connect(server.getLocalPort(), LONG).success()).isTrue();
        }
    }

    @Test
    void nobodyListeningIsANo() throws IOException {
        try (Socket held = new Socket()) { // bound, so that nobody else listens there meanwhile
            held.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            assertThat(prober.connect(held.getLocalPort(), LONG).success()).isFalse();
            assertThat(prober.get(held.getLocalPort(), "/", LONG).success()).isFalse();
        }
    }

    @Test
    void aServerThatNeverAnswersIsANoAfterTheTimeout() throws IOException {
        try (ServerSocket silent = loopback()) {
            assertThat(prober.get(silent.getLocalPort(), "/", SHORT).success()).isFalse();
        }
    }

    private static ServerSocket loopback() throws IOException {
        return new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
    }

    /** Answers one request, and gives its first line. */
    private static CompletableFuture<String> answerOnce(ServerSocket server, String answer) {
        return CompletableFuture.supplyAsync(() -> {
            try (Socket socket = server.accept()) {
                var in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
                String first = in.readLine();
                String header = in.readLine();
                while (!header.isEmpty()) {
                    header = in.readLine();
                }
                socket.getOutputStream().write(answer.getBytes(StandardCharsets.UTF_8));
                return first;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }
}
