package dev.corral.reconcile.node;

import dev.corral.Child;
import dev.corral.Signal;
import dev.corral.reconcile.workload.ContainerRuntime;
import java.time.Duration;
import java.util.concurrent.Executor;

/** Commands beside the program of a container, of which only the end matters. */
final class Execution {
    private Execution() {}

    /** Waits for a command's end, kills it at the timeout, and closes it in any case. */
    static ContainerRuntime.Executed of(Child command, Duration timeout, Executor executor)
            throws InterruptedException {
        try (command) {
            Drain written = new Drain();
            written.begin(command.getInputStream(), executor);
            if (command.await(timeout).isEmpty()) {
                command.signal(Signal.KILL);
            }
            int code = command.await().shellCode();
            written.awaitLastWords();
            return new ContainerRuntime.Executed(code, written.text());
        }
    }
}
