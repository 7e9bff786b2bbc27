package dev.corral.network;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * The socket at which slirp4netns takes orders, in a directory that only this user may enter. Source: slirp4netns(1), "API
 * socket".
 */
final class SlirpApi implements AutoCloseable {
    private static final int LONGEST_ANSWER = 4096;

    private final Path directory;

    private SlirpApi(Path directory) {
        this.directory = directory;
    }

    static SlirpApi open() {
        try {
            return new SlirpApi(Files.createTempDirectory("corral-net"));
        } catch (IOException failed) {
            throw new UserModeFailed("no directory for a socket of slirp4netns: " + failed, "", failed);
        }
    }

    Path path() {
        return directory.resolve("api");
    }

    /** Asks for a port; why it can't be had, if so. */
    Optional<String> publish(PublishedPort port, Duration timeout) {
        String request = "{\"execute\":\"add_hostfwd\",\"arguments\":{\"proto\":\"tcp\",\"host_addr\":\""
                + port.address().getAddress().getHostAddress() + "\",\"host_port\":"
                + port.address().getPort() + ",\"guest_port\":" + port.port() + "}}";
        try {
            String answer = call(request, System.nanoTime() + timeout.toNanos());
            return answer.contains("\"return\"") ? Optional.empty() : Optional.of(answer.strip());
        } catch (IOException failed) {
            throw new UserModeFailed("slirp4netns can't be told to publish " + port + ": " + failed, "", failed);
        }
    }

    private String call(String request, long deadline) throws IOException {
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(path()));
                Selector selector = Selector.open()) {
            channel.write(ByteBuffer.wrap(request.getBytes(UTF_8)));
            channel.shutdownOutput();
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_READ);
            ByteBuffer answer = ByteBuffer.allocate(LONGEST_ANSWER);
            while (answer.hasRemaining()) {
                long millis = Math.max(1, (deadline - System.nanoTime()) / 1_000_000);
                selector.select(millis);
                selector.selectedKeys().clear();
                if (channel.read(answer) < 0) {
                    break;
                }
                if (System.nanoTime() - deadline > 0) {
                    throw new UserModeTimeout("slirp4netns does not answer " + request, "", null);
                }
            }
            return new String(answer.array(), 0, answer.position(), UTF_8);
        }
    }

    @Override
    public void close() {
        try {
            Files.deleteIfExists(path());
            Files.deleteIfExists(directory);
        } catch (IOException failed) {
            throw new UserModeFailed("can't delete " + directory + ": " + failed, "", failed);
        }
    }
}
