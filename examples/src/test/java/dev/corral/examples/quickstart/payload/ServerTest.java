package dev.corral.examples.quickstart.payload;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ServerTest {
    private static final String LISTENING = "listening on port ";

    private final HttpClient client = HttpClient.newHttpClient();
    private final RunningProgram server;
    private final URI address;

    ServerTest() throws IOException {
        server = RunningProgram.start(Server.class, Map.of("VERSION", "7", "PORT", "0"));
        String line = server.line();
        assertThat(line).startsWith(LISTENING);
        address = URI.create("http://127.0.0.1:" + line.substring(LISTENING.length()));
    }

    @AfterEach
    void kill() {
        server.close();
    }

    @Test
    void isHealthyAndSaysItsVersion() throws Exception {
        assertThat(get("/healthz")).isEqualTo("ok\n");
        assertThat(get("/version")).isEqualTo("7\n");
    }

    @Test
    void tellsWhoItIs() throws Exception {
        List<String> lines = get("/whoami").lines().toList();

        assertThat(lines)
                .contains("pid " + server.pid())
                .contains("hostname "
                        + Files.readString(Path.of("/proc/sys/kernel/hostname")).strip())
                .contains("ns/net " + Files.readSymbolicLink(Path.of("/proc/self/ns/net")))
                .contains("ns/user " + Files.readSymbolicLink(Path.of("/proc/self/ns/user")));
    }

    @Test
    void knowsNoOtherPath() throws Exception {
        HttpResponse<String> response = send("/other");

        assertThat(response.statusCode()).isEqualTo(404);
    }

    @Test
    void stopsWithCodeZeroWhenAsked() throws Exception {
        server.terminate();

        assertThat(server.exitCode()).isZero();
        assertThat(server.remainingLines()).containsExactly("stopping, 0 open requests");
    }

    @Test
    void finishesARequestThatHasBegunBeforeItStops() throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), address.getPort())) {
            OutputStream out = socket.getOutputStream();
            BufferedReader in = new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII));
            String head = """
                    POST /version HTTP/1.1
                    Host: localhost
                    Content-Length: 4
                    Expect: 100-continue

                    """;
            out.write(head.replace("\n", "\r\n").getBytes(US_ASCII));
            assertThat(head(in)).first().asString().contains("100"); // so it has begun

            server.terminate();
            assertThat(server.line()).isEqualTo("stopping, 1 open requests");
            out.write("body".getBytes(US_ASCII));

            assertThat(head(in)).first().asString().contains("200");
            assertThat(in.readLine()).isEqualTo("7");
        }
        assertThat(server.exitCode()).isZero();
        assertThatThrownBy(() -> send("/healthz")).isInstanceOf(ConnectException.class);
    }

    private static List<String> head(BufferedReader in) throws IOException {
        List<String> lines = new ArrayList<>();
        for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
            lines.add(line);
        }
        return lines;
    }

    private String get(String path) throws IOException, InterruptedException {
        HttpResponse<String> response = send(path);
        assertThat(response.statusCode()).isEqualTo(200);
        return response.body();
    }

    private HttpResponse<String> send(String path) throws IOException, InterruptedException {
        return client.send(HttpRequest.newBuilder(address.resolve(path)).build(), HttpResponse.BodyHandlers.ofString());
    }
}
