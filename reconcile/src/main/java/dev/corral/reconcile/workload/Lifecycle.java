package dev.corral.reconcile.workload;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What is done in a container right after its start and right before its end. Source: Kubernetes API, {@code Lifecycle}.
 *
 * @param postStart done once it runs; if it fails the container is killed
 * @param preStop done before it is asked to end; its time is part of the grace, and SIGTERM follows whether it succeeds or not
 */
public record Lifecycle(Optional<Hook> postStart, Optional<Hook> preStop) {
    /** What is done. */
    public sealed interface Hook permits Probe.Exec, Probe.HttpGet, Sleep {}

    /**
     * Lets time pass.
     *
     * @param duration more than 0, the pod's grace at most
     */
    public record Sleep(Duration duration) implements Hook {}

    /** Runs a command in the container; exit code 0 is success. */
    public static Hook exec(String... command) {
        return new Probe.Exec(List.of(command));
    }

    /** Sends an HTTP GET to a named port; a status from 200 to 399 is success. */
    public static Hook http(String port, String path) {
        return new Probe.HttpGet(port, path);
    }

    /** Lets time pass. */
    public static Hook sleep(Duration duration) {
        return new Sleep(duration);
    }

    /** Neither. */
    static Lifecycle none() {
        return new Lifecycle(Optional.empty(), Optional.empty());
    }

    void validate(Problems problems, Container container, Duration grace) {
        postStart.ifPresent(hook -> validate(hook, problems.at("postStart"), container, grace));
        preStop.ifPresent(hook -> validate(hook, problems.at("preStop"), container, grace));
    }

    private static void validate(Hook hook, Problems problems, Container container, Duration grace) {
        if (hook instanceof Sleep sleep) {
            problems.at("sleep")
                    .require(
                            !sleep.duration.isNegative()
                                    && !sleep.duration.isZero()
                                    && sleep.duration.compareTo(grace) <= 0,
                            sleep.duration,
                            "it must be more than 0 and at most the pod's grace, " + grace);
        } else if (hook instanceof Probe.Exec exec) {
            exec.validate(problems);
        } else if (hook instanceof Probe.HttpGet get) {
            get.validate(problems, container);
        }
    }
}
