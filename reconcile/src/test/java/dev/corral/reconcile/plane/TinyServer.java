package dev.corral.reconcile.plane;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A program for tests: answers every request with the value of VERSION, until SIGTERM ends it in the middle of anything. */
final class TinyServer {
    private TinyServer() {}

    public static void main(String[] args) throws IOException {
        int port = Integer.parseInt(args[0]);
        byte[] answer = ("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + System.getenv("VERSION"))
                .getBytes(StandardCharsets.UTF_8);
        try (ServerSocket server = new ServerSocket(port, 50, InetAddress.getLoopbackAddress())) {
            System.out.println("listening on " + port);
            while (true) {
                try (Socket socket = server.accept()) {
                    BufferedReader in =
                            new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
                    String line = in.readLine();
                    while (line != null && !line.isEmpty()) {
                        line = in.readLine();
                    }
                    socket.getOutputStream().write(answer);
                }
            }
        }
    }
}
