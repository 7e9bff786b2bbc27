package dev.corral.reconcile.workload;

import dev.corral.reconcile.NameRule;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A question asked of a container again and again. A result counts once it came as often in a row as its threshold says;
 * until then the one before stands. Source: Kubernetes API, {@code Probe}.
 *
 * @param handler how to ask
 * @param initialDelay how long after the container's start to begin, 0 or more
 * @param period from one question to the next, at least a millisecond; before the first success of a run sooner: 100 ms after
 *     the first failure, then each time twice as long, up to the period
 * @param timeout when a question without an answer has failed, at least a millisecond
 * @param successThreshold how many successes in a row count, 1 or more; 1 for liveness and startup
 * @param failureThreshold how many failures in a row count, 1 or more
 * @param terminationGracePeriod in place of the pod's grace where this probe has a container ended, more than 0; not for
 *     readiness
 */
public record Probe(
        Handler handler,
        Duration initialDelay,
        Duration period,
        Duration timeout,
        int successThreshold,
        int failureThreshold,
        Optional<Duration> terminationGracePeriod) {
    /** How a probe asks. */
    public sealed interface Handler {}

    /**
     * Asks by running a command in the container; exit code 0 is success. As in the container's own command {@code $(NAME)} is
     * replaced.
     *
     * @param command the program and its arguments; no shell is between
     */
    public record Exec(List<String> command) implements Handler, Lifecycle.Hook {
        public Exec {
            command = List.copyOf(command);
        }

        void validate(Problems problems) {
            problems.at("command")
                    .require(!command.isEmpty() && !command.get(0).isEmpty(), command, "it must name a program");
            problems.each("command", command, (text, here) -> here.text(text));
        }
    }

    /**
     * Asks by an HTTP GET; a status from 200 to 399 is success.
     *
     * @param port the name of a port of the container
     * @param path begins with {@code /}; no spaces, which are written {@code %20}, and no control characters
     */
    public record HttpGet(String port, String path) implements Handler, Lifecycle.Hook {
        void validate(Problems problems, Container container) {
            validatePort(port, problems, container);
            problems.at("path")
                    .require(
                            isPath(path),
                            Problems.printable(path),
                            "it must begin with / and contain neither spaces nor control characters");
        }
    }

    /**
     * Asks whether a TCP connection can be made.
     *
     * @param port the name of a port of the container
     */
    public record TcpSocket(String port) implements Handler {}

    /**
     * Asks a function within this JVM.
     *
     * @param function the name under which it was registered with the control plane
     */
    public record Function(String function) implements Handler {}

    /** A probe by HTTP at a named port, with Kubernetes' defaults: every 10 s, 1 s to answer, 3 failures in a row count. */
    public static Probe http(String port, String path) {
        return of(new HttpGet(port, path));
    }

    /** A probe by connecting to a named port, with Kubernetes' defaults: every 10 s, 1 s to answer, 3 failures count. */
    public static Probe tcp(String port) {
        return of(new TcpSocket(port));
    }

    /** A probe by a command in the container, with Kubernetes' defaults: every 10 s, 1 s to end, 3 failures count. */
    public static Probe exec(String... command) {
        return of(new Exec(List.of(command)));
    }

    /**
     * A probe by a function of this JVM, with Kubernetes' defaults: every 10 s, 1 s to answer, 3 failures count.
     *
     * @param name under which it was registered with the control plane
     */
    public static Probe function(String name) {
        return of(new Function(name));
    }

    private static Probe of(Handler handler) {
        return new Probe(handler, Duration.ZERO, Duration.ofSeconds(10), Duration.ofSeconds(1), 1, 3, Optional.empty());
    }

    public Probe initialDelay(Duration delay) {
        return new Probe(handler, delay, period, timeout, successThreshold, failureThreshold, terminationGracePeriod);
    }

    public Probe period(Duration time) {
        return new Probe(
                handler, initialDelay, time, timeout, successThreshold, failureThreshold, terminationGracePeriod);
    }

    public Probe timeout(Duration time) {
        return new Probe(
                handler, initialDelay, period, time, successThreshold, failureThreshold, terminationGracePeriod);
    }

    public Probe successThreshold(int inARow) {
        return new Probe(handler, initialDelay, period, timeout, inARow, failureThreshold, terminationGracePeriod);
    }

    public Probe failureThreshold(int inARow) {
        return new Probe(handler, initialDelay, period, timeout, successThreshold, inARow, terminationGracePeriod);
    }

    /** With a grace of its own for the end it causes. */
    public Probe terminationGracePeriod(Duration grace) {
        return new Probe(
                handler, initialDelay, period, timeout, successThreshold, failureThreshold, Optional.of(grace));
    }

    /** Checks a probe that has a container ended. */
    void validateFatal(Problems problems, Container container) {
        validate(problems, container);
        problems.at("successThreshold")
                .require(successThreshold == 1, successThreshold, "it must be 1 for liveness and startup");
        terminationGracePeriod.ifPresent(grace -> problems.at("terminationGracePeriod")
                .require(!grace.isNegative() && !grace.isZero(), grace, "it must be more than 0"));
    }

    void validateReadiness(Problems problems, Container container) {
        validate(problems, container);
        problems.at("terminationGracePeriod")
                .require(
                        terminationGracePeriod.isEmpty(),
                        terminationGracePeriod.orElse(Duration.ZERO),
                        "a readiness probe ends nothing");
    }

    private void validate(Problems problems, Container container) {
        if (handler instanceof HttpGet get) {
            get.validate(problems, container);
        } else if (handler instanceof TcpSocket socket) {
            validatePort(socket.port(), problems, container);
        } else if (handler instanceof Exec exec) {
            exec.validate(problems);
        } else if (handler instanceof Function named) {
            problems.at("function").rule(NameRule.DNS_SUBDOMAIN, named.function());
        }
        Duration least = Duration.ofMillis(1);
        problems.at("initialDelay").require(!initialDelay.isNegative(), initialDelay, "it must be 0 or more");
        problems.at("period").require(period.compareTo(least) >= 0, period, "it must be at least 1 ms");
        problems.at("timeout").require(timeout.compareTo(least) >= 0, timeout, "it must be at least 1 ms");
        problems.at("successThreshold").require(successThreshold >= 1, successThreshold, "it must be 1 or more");
        problems.at("failureThreshold").require(failureThreshold >= 1, failureThreshold, "it must be 1 or more");
    }

    private static void validatePort(String name, Problems problems, Container container) {
        problems.at("port")
                .require(
                        container.ports().stream().anyMatch(port -> port.name().equals(name)),
                        name,
                        "the container has no port of this name");
    }

    /** It stands in one line of the request, between two spaces. */
    private static boolean isPath(String text) {
        return text.startsWith("/")
                && text.chars()
                        .noneMatch(c ->
                                Character.isISOControl(c) || Character.isSpaceChar(c) || Character.isWhitespace(c));
    }
}
