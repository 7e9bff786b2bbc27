package dev.corral.reconcile.node;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Asks over plain sockets on loopback. A whole HTTP client is not needed to read one status line, and the JDK's keeps a thread
 * until it is collected, which nobody can wait for.
 */
final class SocketProber {
    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] ([0-9]{3})(?: .*)?");
    private static final int LONGEST_LINE = 4096;
    private static final int LONGEST_ANSWER = 64 * 1024;

    /** What is asked once there is a connection. */
    private interface Exchange {
        Prober.Answer with(Socket socket, Deadline deadline) throws IOException;
    }

    /** Whether a connection can be made. */
    Prober.Answer connect(int port, Duration timeout) {
        return asked(port, timeout, (socket, deadline) -> Prober.Answer.yes("port " + port + " is connected"));
    }

    /** Whether a GET is answered with a status from 200 to 399. */
    Prober.Answer get(int port, String path, Duration timeout) {
        return asked(port, timeout, (socket, deadline) -> got(path, socket, port, deadline));
    }

    private static Prober.Answer asked(int port, Duration timeout, Exchange exchange) {
        Deadline deadline = new Deadline(timeout);
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), deadline.millisLeft());
            // A connection to a port nobody listens on may, by chance, start from that very port and meet itself.
            return socket.getLocalPort() == port
                    ? Prober.Answer.no("nobody listens on port " + port)
                    : exchange.with(socket, deadline);
        } catch (IOException e) {
            // Refused, reset or too late: this is what the answer "no" looks like.
            return Prober.Answer.no("port " + port + ": " + e.getMessage());
        }
    }

    private static Prober.Answer got(String path, Socket socket, int port, Deadline deadline) throws IOException {
        String request = "GET " + path + " HTTP/1.1\r\nHost: localhost:" + port
                + "\r\nUser-Agent: corral-probe\r\nAccept: */*\r\nConnection: close\r\n\r\n";
        socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
        String line = line(socket, deadline);
        Matcher status = STATUS.matcher(line);
        boolean success = status.matches()
                && status.group(1).compareTo("200") >= 0
                && status.group(1).compareTo("400") < 0;
        if (success) {
            drain(socket, deadline);
        }
        return new Prober.Answer(success, "GET " + path + ": " + line);
    }

    private static String line(Socket socket, Deadline deadline) throws IOException {
        InputStream in = socket.getInputStream();
        StringBuilder line = new StringBuilder();
        while (line.length() < LONGEST_LINE) {
            socket.setSoTimeout(deadline.millisLeft());
            int octet = in.read();
            if (octet < 0 || octet == '\n') {
                break;
            }
            line.append((char) octet);
        }
        return line.toString().strip();
    }

    /** Takes the rest, so that the server does not see its answer refused; what it does after the status is its own affair. */
    private static void drain(Socket socket, Deadline deadline) {
        byte[] buffer = new byte[4096];
        int left = LONGEST_ANSWER;
        try {
            int count = 0;
            while (count >= 0 && left > 0) {
                left -= count;
                socket.setSoTimeout(deadline.millisLeft());
                count = socket.getInputStream().read(buffer);
            }
        } catch (IOException e) {
            // The status has decided already.
            return;
        }
    }

    /** The rest of a probe's time. */
    private static final class Deadline {
        private final long end;

        Deadline(Duration timeout) {
            end = System.nanoTime() + timeout.toNanos();
        }

        /** At least 1, since 0 would mean no limit; an IOException once it is over. */
        int millisLeft() throws IOException {
            long left = end - System.nanoTime();
            if (left <= 0) {
                throw new IOException("no answer in time");
            }
            return (int) Math.min(Integer.MAX_VALUE, (left + 999_999) / 1_000_000);
        }
    }
}
