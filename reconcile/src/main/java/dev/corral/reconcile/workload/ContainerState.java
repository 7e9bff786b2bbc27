package dev.corral.reconcile.workload;

import dev.corral.Signal;
import java.time.Instant;
import java.util.Optional;

/** What a container is doing. Source: Kubernetes API, {@code ContainerState}. */
public sealed interface ContainerState {
    /** What waits to be started again after it failed several times. */
    String CRASH_LOOP_BACK_OFF = "CrashLoopBackOff";
    /** It waits until the init containers before it are done. */
    String POD_INITIALIZING = "PodInitializing";
    /** It has not been started yet. */
    String CONTAINER_CREATING = "ContainerCreating";
    /** Something that its pod refers to is not there. */
    String CONFIG_ERROR = "CreateContainerConfigError";
    /** It exited with 0. */
    String COMPLETED = "Completed";
    /** It exited with another code, or a signal ended it. */
    String ERROR = "Error";
    /** What Kubernetes gives for an end nobody saw. */
    int UNSEEN_CODE = 137;
    /** It could not be started. */
    String START_ERROR = "StartError";
    /** It has ended, and nobody saw how. */
    String UNKNOWN = "ContainerStatusUnknown";
    /** The kernel killed it because it reached its memory limit. */
    String OOM_KILLED = "OOMKilled";
    /** A volume of its pod held more than it may. */
    String EVICTED = "Evicted";

    /**
     * It does not run, and will be started.
     *
     * @param reason one word, {@code PodInitializing}, {@code ContainerCreating} or {@code CrashLoopBackOff}
     * @param message a sentence for people, may be empty
     */
    record Waiting(String reason, String message) implements ContainerState {}

    /** It runs. */
    record Running(Instant startedAt) implements ContainerState {}

    /**
     * It has ended.
     *
     * @param exitCode the exit code, or 128 plus the signal's number
     * @param signal what ended it; empty if it exited by itself or never started
     * @param reason one word: {@code Completed}, {@code Error}, {@code OOMKilled},
     *     {@code StartError} or {@code ContainerStatusUnknown}
     * @param message a sentence for people, may be empty
     */
    record Terminated(
            int exitCode, Optional<Signal> signal, String reason, String message, Instant startedAt, Instant finishedAt)
            implements ContainerState {
        /** Whether it exited with code 0. */
        public boolean succeeded() {
            return exitCode == 0;
        }

        /** The end of a run that was lost sight of. */
        static Terminated unseen(Instant startedAt, Instant now) {
            return new Terminated(
                    UNSEEN_CODE, Optional.empty(), UNKNOWN, "its agent has lost sight of it", startedAt, now);
        }
    }

    /** Why it waits or how it ended, in one word; empty text while it runs. */
    default String reason() {
        return this instanceof Waiting waiting ? waiting.reason : this instanceof Terminated ended ? ended.reason : "";
    }
}
