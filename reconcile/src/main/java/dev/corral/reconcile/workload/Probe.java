package dev.corral.reconcile.workload;

import java.time.Duration;

/**
 * A question asked of a container again and again. A result counts once it came as often in a row as its threshold says;
 * until then the one before stands. Source: Kubernetes API, {@code Probe}.
 *
 * @param handler how to ask
 * @param initialDelay how long after the container's start to begin, 0 or more
 * @param period from one question to the next, at least a millisecond; before the first success of a run sooner: 100 ms after
 *     the first failure, then each time twice as long, up to the period
 * @param timeout when a question without an answer has failed, at least a millisecond
 * @param successThreshold how many successes in a row count, 1 or more
 * @param failureThreshold how many failures in a row count, 1 or more
 */
public record Probe(
        Handler handler,
        Duration initialDelay,
        Duration period,
        Duration timeout,
        int successThreshold,
        int failureThreshold) {
    /** How a probe asks. */
    public sealed interface Handler {
        /** The name of the container's port to ask at. */
        String port();
    }

    /**
     * Asks by an HTTP GET; a status from 200 to 399 is success.
     *
     * @param path begins with {@code /}; no spaces, which are written {@code %20}, and no control characters
     */
    public record HttpGet(String port, String path) implements Handler {}

    /** Asks whether a TCP connection can be made. */
    public record TcpSocket(String port) implements Handler {}

    /** A probe by HTTP at a named port, with Kubernetes' defaults: every 10 s, 1 s to answer, 3 failures in a row count. */
    public static Probe http(String port, String path) {
        return of(new HttpGet(port, path));
    }

    /** A probe by connecting to a named port, with Kubernetes' defaults: every 10 s, 1 s to answer, 3 failures count. */
    public static Probe tcp(String port) {
        return of(new TcpSocket(port));
    }

    private static Probe of(Handler handler) {
        return new Probe(handler, Duration.ZERO, Duration.ofSeconds(10), Duration.ofSeconds(1), 1, 3);
    }

    public Probe initialDelay(Duration initialDelay) {
        return new Probe(handler, initialDelay, period, timeout, successThreshold, failureThreshold);
    }

    public Probe period(Duration period) {
        return new Probe(handler, initialDelay, period, timeout, successThreshold, failureThreshold);
    }

    public Probe timeout(Duration timeout) {
        return new Probe(handler, initialDelay, period, timeout, successThreshold, failureThreshold);
    }

    public Probe successThreshold(int successThreshold) {
        return new Probe(handler, initialDelay, period, timeout, successThreshold, failureThreshold);
    }

    public Probe failureThreshold(int failureThreshold) {
        return new Probe(handler, initialDelay, period, timeout, successThreshold, failureThreshold);
    }

    void validate(Problems problems, Container container) {
        problems.at("port")
                .require(
                        container.ports().stream().anyMatch(port -> port.name().equals(handler.port())),
                        handler.port(),
                        "the container has no port of this name");
        if (handler instanceof HttpGet http) {
            problems.at("path")
                    .require(
                            isPath(http.path()),
                            Problems.printable(http.path()),
                            "it must begin with / and contain neither spaces nor control characters");
        }
        Duration least = Duration.ofMillis(1);
        problems.at("initialDelay").require(!initialDelay.isNegative(), initialDelay, "it must be 0 or more");
        problems.at("period").require(period.compareTo(least) >= 0, period, "it must be at least 1 ms");
        problems.at("timeout").require(timeout.compareTo(least) >= 0, timeout, "it must be at least 1 ms");
        problems.at("successThreshold").require(successThreshold >= 1, successThreshold, "it must be 1 or more");
        problems.at("failureThreshold").require(failureThreshold >= 1, failureThreshold, "it must be 1 or more");
    }

    /** It stands in one line of the request, between two spaces. */
    private static boolean isPath(String text) {
        return text.startsWith("/")
                && text.chars()
                        .noneMatch(c ->
                                Character.isISOControl(c) || Character.isSpaceChar(c) || Character.isWhitespace(c));
    }
}
