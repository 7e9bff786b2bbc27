package dev.corral.reconcile.workload;

import dev.corral.Signal;
import dev.corral.reconcile.Key;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * Starts the programs of containers: the seam between what a pod shall be and the processes it becomes. Used by many threads at
 * once.
 */
@FunctionalInterface
public interface ContainerRuntime {
    /**
     * Starts a container and returns once it runs. Whatever else is thrown than InterruptedException means that it could not be
     * started, and that nothing of it is left.
     */
    Run start(Order order) throws InterruptedException;

    /**
     * What runs already of a pod that nobody here has started anything of, or has ended; asked once, before anything of it is
     * started. Completed, never exceptionally, when whatever of it is not to go on has ended: what runs by another spec than this.
     */
    default CompletableFuture<List<Former>> takeOver(Key pod, String uid, PodSpec spec) {
        return CompletableFuture.completedFuture(List.of());
    }

    /**
     * What is done after the start of a container's newest run has been done, with success: whoever takes the pod over need not do
     * it again.
     */
    default void postStarted(Identity run) {}

    /**
     * A pod is to go, and nothing of it has been asked to end so far. Whoever finds it afterwards ends what is left of it instead
     * of taking it over, and counts none of its ends.
     */
    default void leaving(Key pod) {}

    /**
     * The spec of a pod has changed, and all that runs of it is by the new one, without a start of its own: whoever takes the pod
     * over finds it by that. No start of it is under way.
     */
    default void respecified(Key pod, PodSpec spec) {}

    /**
     * Forgets the last run of a container, of which nothing is left: it begins anew, and whoever takes the pod over must not
     * find it.
     */
    default void forget(Key pod, String container) {}

    /**
     * Whether {@link #podGone} has nothing to do for a pod that takes long, so that whoever calls it need not do so elsewhere; false
     * where that isn't known.
     */
    default boolean sharesNothing(String uid) {
        return false;
    }

    /** Removes what the containers of a pod have shared; called when nothing of them runs any more and none will be started. */
    default void podGone(String uid) {}

    /**
     * The log of a container's newest run, or of the run before.
     *
     * @param uid the pod's
     * @return empty if it never ran, or the runtime keeps none
     */
    default Optional<ContainerLog> log(String uid, String container, boolean previous) {
        return Optional.empty();
    }

    /** Removes the directory of a claim that has been deleted; nothing happens if it has none. */
    default void claimGone(String name) {}

    /**
     * Starts a container without making the caller wait. Completed when it runs, or exceptionally, with what {@link #start} would
     * have thrown, when it could not be started. Unless a runtime needs no thread for it, the start is a task of the executor.
     */
    default CompletableFuture<Run> start(Order order, Executor executor) {
        CompletableFuture<Run> started = new CompletableFuture<>();
        executor.execute(() -> {
            try {
                started.complete(start(order));
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                started.completeExceptionally(interrupted);
            } catch (RuntimeException | Error failed) {
                started.completeExceptionally(failed);
            }
        });
        return started;
    }

    /**
     * What is to be started.
     *
     * @param identity which run it will be
     * @param container one of the pod's
     * @param pod what it shares with the pod's other containers
     * @param contents what the pod refers to in other objects
     * @param history of the runs before it
     */
    record Order(Identity identity, Container container, PodSpec pod, PodContents contents, History history) {
        /** The first run of a container. */
        public Order(Identity identity, Container container, PodSpec pod, PodContents contents) {
            this(identity, container, pod, contents, History.none());
        }

        /** A container of a pod that has nothing to share. */
        public static Order of(Identity identity, Container container) {
            PodSpec pod = PodSpec.empty().container(container.name(), named -> container);
            return new Order(identity, container, pod, PodContents.none());
        }
    }

    /**
     * Which run of which container.
     *
     * @param namespace the pod's
     * @param pod the pod's name, a DNS label
     * @param uid the pod's, never used again for another one
     * @param container the container's name
     * @param attempt 0 for the first start in this pod
     * @param hostname the host name inside, a DNS label
     */
    record Identity(String namespace, String pod, String uid, String container, int attempt, String hostname) {
        /** In a pod of the default namespace whose host name is its own. */
        public Identity(String pod, String uid, String container, int attempt) {
            this(Key.DEFAULT_NAMESPACE, pod, uid, container, attempt, pod);
        }
    }

    /**
     * What counts of a container's runs before one.
     *
     * @param lastState how the last of them ended; empty for the first run
     * @param backOff how long it has to wait after its next end; empty before the first restart
     * @param restarted when containers of its pod were started again, of late, oldest first; kept only where the pod gives up at
     *     some number
     */
    record History(Optional<ContainerState.Terminated> lastState, Optional<BackOff> backOff, List<Instant> restarted) {
        public History {
            restarted = List.copyOf(restarted);
        }

        /** That of a container which has never run. */
        public static History none() {
            return new History(Optional.empty(), Optional.empty(), List.of());
        }
    }

    /**
     * What is known of a container that was started by a control plane before this one: it goes on, or has ended meanwhile, or
     * that one died just before its program began. Then there is neither a run nor an end, and the start is still to be made.
     *
     * @param container its name
     * @param attempt which start it was, 0 for the first one of its pod
     * @param since when it was started, or should have been
     * @param run belongs to whoever is told; empty if nothing is left of it
     * @param end how it ended; empty while it runs, and for one that never began
     * @param postStart whether what is done after its start was done; else it is to be done again, as it may have been cut off
     * @param history of the runs before it
     */
    record Former(
            String container,
            int attempt,
            Instant since,
            Optional<Run> run,
            Optional<ContainerState.Terminated> end,
            boolean postStart,
            History history) {
        public Former {
            if (run.isPresent() && end.isPresent()) {
                throw new IllegalArgumentException("container " + container + " either runs or has ended");
            }
        }

        /** Whether it has run at all. */
        public boolean began() {
            return run.isPresent() || end.isPresent();
        }
    }

    /** A container that was started. Belongs to who started it, and has to be closed after its end too. */
    interface Run extends AutoCloseable {
        /** The numbers of its ports, by name. */
        Map<String, Integer> ports();

        /** What it should have been given but the host can't enforce, a sentence for each; normally empty. */
        List<String> dropped();

        /** Completed with how it ended; never completed exceptionally. */
        CompletableFuture<Ended> exited();

        /**
         * Whether {@link #exited} is completed on a thread that may wait: what follows an end, such as {@link #close}, needs no
         * other one then.
         */
        default boolean tellsItsEndWhereOneMayWait() {
            return false;
        }

        /** The end of what it has written to its standard streams; empty text if the runtime keeps none. */
        default String output() {
            return "";
        }

        /**
         * Runs a command where it runs, and waits for its end. A command that takes longer than the timeout is killed.
         * InterruptedException leaves nothing of it. Whatever else is thrown means that it could not be started.
         *
         * @param timeout more than 0
         */
        Executed exec(List<String> command, Duration timeout) throws InterruptedException;

        /**
         * The same without making the caller wait. Completed exceptionally with what {@link #exec} would have thrown. Unless a
         * runtime needs no thread for it, it is a task of the executor.
         */
        default CompletableFuture<Executed> exec(List<String> command, Duration timeout, Executor executor) {
            CompletableFuture<Executed> executed = new CompletableFuture<>();
            executor.execute(() -> {
                try {
                    executed.complete(exec(command, timeout));
                } catch (InterruptedException interrupted) {
                    Thread.currentThread().interrupt();
                    executed.completeExceptionally(interrupted);
                } catch (RuntimeException | Error failed) {
                    executed.completeExceptionally(failed);
                }
            });
            return executed;
        }

        /** What it left in the file at its {@code terminationMessagePath}, at most 4096 bytes of it; empty text for nothing. */
        default String terminationMessage() {
            return "";
        }

        /**
         * Gives it other limits while it runs.
         *
         * @param order the same container with other resources
         */
        default Resized resize(Order order) {
            return new Resized.NeedsRestart("limits of what runs can't be changed");
        }

        /**
         * Starts a command in the container, with streams of its own. It belongs to the caller, and ends with the container.
         *
         * @throws UnsupportedOperationException if the runtime can't
         */
        default Process exec(List<String> command) {
            throw new UnsupportedOperationException("no command can be started in containers of " + this);
        }

        /** Asks it to end, by SIGTERM; nothing happens if it has ended. */
        void terminate();

        /** Kills what still runs of it and returns when nothing is left. May be called again. */
        @Override
        void close();
    }

    /**
     * How a command in a container ended.
     *
     * @param exitCode the exit code, or 128 plus the signal's number: 137 for one that was killed because it took too long
     * @param output the end of what it wrote to its standard streams
     */
    record Executed(int exitCode, String output) {}

    /**
     * How a container ended.
     *
     * @param exitCode the exit code, or 128 plus the signal's number
     * @param signal what ended it; empty if it exited by itself
     * @param reason one word, as in {@link ContainerState.Terminated}
     * @param message a sentence for people, may be empty
     */
    record Ended(int exitCode, Optional<Signal> signal, String reason, String message) {}
}
