package dev.corral.network;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.corral.namespaces.SkippedWhereRefused;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** The forwarder between sockets of one network: where it connects to makes no difference to what it does. */
@Timeout(120)
@ExtendWith(SkippedWhereRefused.class)
class ForwarderTest {
    private static final InetAddress LOCAL = Cidr.address("127.0.0.1");

    private final ExecutorService executor = Executors.newCachedThreadPool();
    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable each : open) {
            each.close();
        }
        executor.shutdownNow();
        assertThat(executor.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
    }

    private <T extends AutoCloseable> T open(T resource) {
        open.add(0, resource);
        return resource;
    }

    /** A server that serves each connection on a thread of its own. */
    private interface Service {
        void serve(Socket connection) throws Exception;
    }

    /** Something done on a thread of its own until it fails, as it does when its sockets are closed. */
    private interface Work {
        void run() throws Exception;
    }

    private void inBackground(Work work) {
        Future<?> unused = executor.submit(() -> {
            work.run();
            return null;
        });
    }

    private InetSocketAddress server(Service service) throws IOException {
        ServerSocket server = open(new ServerSocket(0, 600, LOCAL));
        inBackground(() -> {
            while (true) {
                Socket connection = server.accept();
                inBackground(() -> {
                    try (Socket each = connection) {
                        service.serve(each);
                    }
                });
            }
        });
        return (InetSocketAddress) server.getLocalSocketAddress();
    }

    private InetSocketAddress forward(InetSocketAddress... targets) throws IOException {
        ServerSocketChannel listener = ServerSocketChannel.open().bind(new InetSocketAddress(LOCAL, 0), 600);
        InetSocketAddress address = (InetSocketAddress) listener.getLocalAddress();
        open(Forwarder.start(
                "forwarder-" + address.getPort(), () -> {}, List.of(new Forwarder.Route(listener, List.of(targets)))));
        return address;
    }

    private static Socket connect(InetSocketAddress address) throws IOException {
        return new Socket(address.getAddress(), address.getPort());
    }

    private static void echo(Socket connection) throws IOException {
        connection.getInputStream().transferTo(connection.getOutputStream());
    }

    private static InetSocketAddress nobody() throws IOException {
        try (ServerSocket closed = new ServerSocket(0, 1, LOCAL)) {
            return (InetSocketAddress) closed.getLocalSocketAddress();
        }
    }

    @Test
    void whatIsSentComesBackWhole() throws Exception {
        byte[] sent = new byte[5_000_000];
        new Random(1).nextBytes(sent);
        try (Socket client = connect(forward(server(ForwarderTest::echo)))) {
            CompletableFuture<Void> writing = CompletableFuture.runAsync(
                    () -> {
                        try {
                            client.getOutputStream().write(sent);
                            client.shutdownOutput();
                        } catch (IOException failed) {
                            throw new UncheckedIOException(failed);
                        }
                    },
                    executor);
            byte[] received = client.getInputStream().readAllBytes();
            writing.join();
            assertThat(Arrays.equals(received, sent)).isTrue();
        }
    }

    @Test
    void aClientThatHasSentEverythingIsStillAnswered() throws Exception {
        InetSocketAddress counting = server(connection -> {
            long count = connection.getInputStream().readAllBytes().length;
            connection.getOutputStream().write(Long.toString(count).getBytes(UTF_8));
        });
        try (Socket client = connect(forward(counting))) {
            client.getOutputStream().write(new byte[12_345]);
            client.shutdownOutput();
            assertThat(client.getInputStream().readAllBytes()).isEqualTo("12345".getBytes(UTF_8));
        }
    }

    @Test
    void aServerThatHasSentEverythingStillListens() throws Exception {
        CompletableFuture<byte[]> heard = new CompletableFuture<>();
        InetSocketAddress server = server(connection -> {
            connection.getOutputStream().write("hello".getBytes(UTF_8));
            connection.shutdownOutput();
            heard.complete(connection.getInputStream().readAllBytes());
        });
        try (Socket client = connect(forward(server))) {
            assertThat(client.getInputStream().readAllBytes()).isEqualTo("hello".getBytes(UTF_8));
            client.getOutputStream().write("and good bye".getBytes(UTF_8));
        }
        assertThat(heard.get()).isEqualTo("and good bye".getBytes(UTF_8));
    }

    @Test
    void aSlowReaderSlowsTheWriterAndNobodyElse() throws Exception {
        InetSocketAddress deaf = server(connection -> {
            byte[] all = new byte[1];
            assertThat(connection.getInputStream().read(all)).isOne();
            // Reads no more until the other side gives up.
            new CompletableFuture<Void>().get();
        });
        InetSocketAddress address = forward(deaf);
        try (Socket client = connect(address)) {
            byte[] chunk = new byte[64 * 1024];
            CompletableFuture<Long> written = new CompletableFuture<>();
            long[] count = new long[1];
            inBackground(() -> {
                OutputStream output = client.getOutputStream();
                while (true) {
                    output.write(chunk);
                    count[0] += chunk.length;
                }
            });
            await("the writer stands still").during(Duration.ofMillis(300)).until(() -> {
                long now = count[0];
                boolean same = written.getNow(-1L) == now;
                written.obtrudeValue(now);
                return same;
            });
            // Socket buffers of two connections and one of ours, but never what the writer would like to send.
            assertThat(count[0]).isLessThan(64L * 1024 * 1024);
            try (Socket other = connect(forward(server(ForwarderTest::echo)))) {
                other.getOutputStream().write(1);
                assertThat(other.getInputStream().read()).isOne();
            }
        }
    }

    @Test
    void aRefusalInsideIsAResetOutside() throws Exception {
        try (Socket client = connect(forward(nobody()))) {
            assertThatThrownBy(() -> client.getInputStream().read())
                    .isInstanceOf(SocketException.class)
                    .hasMessageContaining("reset");
        }
    }

    @Test
    void theNextTargetIsTriedWhenOneRefuses() throws Exception {
        try (Socket client = connect(forward(nobody(), server(ForwarderTest::echo)))) {
            client.getOutputStream().write(7);
            assertThat(client.getInputStream().read()).isEqualTo(7);
        }
    }

    @Test
    void aResetInsideIsAResetOutside() throws Exception {
        InetSocketAddress server = server(connection -> {
            assertThat(connection.getInputStream().read()).isEqualTo(1);
            connection.setSoLinger(true, 0);
        });
        try (Socket client = connect(forward(server))) {
            client.getOutputStream().write(1);
            assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketException.class);
        }
    }

    @Test
    void aResetOutsideIsAResetInside() throws Exception {
        CompletableFuture<Throwable> seen = new CompletableFuture<>();
        InetSocketAddress server = server(connection -> {
            try {
                InputStream input = connection.getInputStream();
                input.transferTo(OutputStream.nullOutputStream());
                seen.complete(new AssertionError("an orderly end"));
            } catch (SocketException reset) {
                seen.complete(reset);
            }
        });
        Socket client = connect(forward(server));
        client.getOutputStream().write(1);
        client.setSoLinger(true, 0);
        client.close();
        assertThat(seen.get()).isInstanceOf(SocketException.class);
    }

    @Test
    void fiveHundredConnectionsAtOnceNeedOneThread() throws Exception {
        InetSocketAddress address = forward(server(ForwarderTest::echo));
        List<Socket> clients = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            clients.add(open(connect(address)));
        }
        for (int i = 0; i < clients.size(); i++) {
            clients.get(i).getOutputStream().write(i);
        }
        for (int i = 0; i < clients.size(); i++) {
            assertThat(clients.get(i).getInputStream().read()).isEqualTo(i & 0xff);
        }
        assertThat(threads("forwarder-" + address.getPort())).isOne();
    }

    @Test
    void closingEndsConnectionsListenersAndTheThread() throws Exception {
        InetSocketAddress address = forward(server(ForwarderTest::echo));
        Socket client = open(connect(address));
        client.getOutputStream().write(1);
        assertThat(client.getInputStream().read()).isOne();
        open.stream()
                .filter(Forwarder.class::isInstance)
                .map(Forwarder.class::cast)
                .forEach(Forwarder::close);
        assertThat(threads("forwarder-" + address.getPort())).isZero();
        assertThat(client.getInputStream().read()).isEqualTo(-1);
        assertThatThrownBy(() -> connect(address)).isInstanceOf(IOException.class);
    }

    @Test
    void aThreadThatCanNotEnterServesNobody() throws Exception {
        ServerSocketChannel listener = open(ServerSocketChannel.open().bind(new InetSocketAddress(LOCAL, 0)));
        int port = ((InetSocketAddress) listener.getLocalAddress()).getPort();
        assertThatThrownBy(() -> Forwarder.start(
                        "forwarder-" + port,
                        () -> {
                            throw new IllegalStateException("no entrance");
                        },
                        List.of(new Forwarder.Route(listener, List.of()))))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("no entrance");
        await().until(() -> threads("forwarder-" + port) == 0);
    }

    private static long threads(String name) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals(name))
                .count();
    }
}
