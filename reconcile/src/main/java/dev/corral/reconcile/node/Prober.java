package dev.corral.reconcile.node;

import dev.corral.reconcile.workload.Container;
import dev.corral.reconcile.workload.ContainerRuntime;
import dev.corral.reconcile.workload.Probe;
import dev.corral.reconcile.workload.ProbeKind;
import java.time.Duration;

/** Asks a container how it is: the seam between probes and what they ask. Used by many threads at once. */
@FunctionalInterface
public interface Prober {
    /**
     * Asks once and waits for the answer, for the probe's timeout at most. A container that can't be reached, answers wrongly
     * or not in time has failed. Whatever is thrown is an error of the prober's own and says nothing of the container.
     */
    Answer ask(Question question) throws InterruptedException;

    /**
     * Sends a GET to a named port of a run, once, and waits for the answer, for the timeout at most; a status from 200 to 399 is
     * success.
     */
    default Answer get(ContainerRuntime.Run run, Probe.HttpGet get, Duration timeout) throws InterruptedException {
        Integer number = run.ports().get(get.port());
        if (number == null) {
            throw new IllegalStateException("the run has no port '" + get.port() + "', only "
                    + run.ports().keySet());
        }
        return new SocketProber().get(number, get.path(), timeout);
    }

    /**
     * A question.
     *
     * @param kind what is asked
     * @param probe how it is asked
     * @param identity who is asked
     * @param container what is asked
     * @param run the run of it that is asked
     */
    record Question(
            ProbeKind kind,
            Probe probe,
            ContainerRuntime.Identity identity,
            Container container,
            ContainerRuntime.Run run) {}

    /**
     * An answer.
     *
     * @param what a sentence for people, what was answered or why there was no answer
     */
    record Answer(boolean success, String what) {
        static Answer yes(String what) {
            return new Answer(true, what);
        }

        static Answer no(String what) {
            return new Answer(false, what);
        }
    }
}
