package dev.corral.reconcile.node;

import dev.corral.reconcile.workload.ContainerRuntime;
import dev.corral.reconcile.workload.Probe;
import dev.corral.reconcile.workload.ProbeKind;
import dev.corral.reconcile.workload.ProcessPlan;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Asks as the handler of a probe says: over sockets, by a command in the container, or by a function of this JVM. */
public final class StandardProber implements Prober {
    private final SocketProber sockets = new SocketProber();
    private final Map<String, ProbeFunction> functions;
    private final Executor executor;
    /** What functions have not returned from; one that does not heed its interrupt keeps its thread. */
    private final Set<Call> underway = ConcurrentHashMap.newKeySet();

    private record Call(ContainerRuntime.Identity run, ProbeKind kind) {}

    /**
     * A prober that has asked nothing yet.
     *
     * @param functions those that probes may name
     * @param executor runs them
     */
    public StandardProber(Map<String, ProbeFunction> functions, Executor executor) {
        this.functions = Map.copyOf(functions);
        this.executor = executor;
    }

    @Override
    public Answer ask(Question question) throws InterruptedException {
        Probe probe = question.probe();
        Probe.Handler handler = probe.handler();
        if (handler instanceof Probe.Exec exec) {
            return executed(exec, question, probe.timeout());
        }
        if (handler instanceof Probe.HttpGet get) {
            return get(question.run(), get, probe.timeout());
        }
        if (handler instanceof Probe.TcpSocket socket) {
            return sockets.connect(port(question, socket.port()), probe.timeout());
        }
        return called(((Probe.Function) handler).function(), question);
    }

    private static int port(Question question, String name) {
        Integer number = question.run().ports().get(name);
        if (number == null) {
            throw new IllegalStateException("the run has no port '" + name + "', only "
                    + question.run().ports().keySet());
        }
        return number;
    }

    private static Answer executed(Probe.Exec exec, Question question, Duration timeout) throws InterruptedException {
        List<String> command =
                ProcessPlan.of(question.order(), question.run().ports()).expanded(exec.command());
        ContainerRuntime.Executed executed = question.run().exec(command, timeout);
        String what = String.join(" ", command) + " exited with " + executed.exitCode()
                + (executed.output().isBlank() ? "" : ": " + executed.output().strip());
        return new Answer(executed.exitCode() == 0, what);
    }

    private Answer called(String name, Question question) throws InterruptedException {
        ProbeFunction function = functions.get(name);
        if (function == null) {
            throw new IllegalStateException("there is no probe function '" + name + "', only " + functions.keySet()
                    + ": register it with ControlPlane.local().probe(\"" + name + "\", ..)");
        }
        ProbeFunction.Target target = new ProbeFunction.Target(
                question.order().identity().pod(),
                question.order().identity().container(),
                question.run().ports());
        Call call = new Call(question.order().identity(), question.kind());
        if (underway.contains(call)) {
            return Answer.no("function " + name + " has not returned since it was asked before");
        }
        FutureTask<Boolean> task = new FutureTask<>(() -> {
            underway.add(call);
            try {
                return function.ask(target);
            } finally {
                underway.remove(call);
            }
        });
        executor.execute(task);
        Duration timeout = question.probe().timeout();
        try {
            boolean well = task.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
            return new Answer(well, "function " + name + " says " + (well ? "yes" : "no"));
        } catch (ExecutionException failed) {
            return Answer.no("function " + name + " threw " + failed.getCause());
        } catch (TimeoutException late) {
            return Answer.no("function " + name + " did not answer within " + seconds(timeout));
        } finally {
            task.cancel(true);
        }
    }

    private static String seconds(Duration timeout) {
        BigDecimal seconds = BigDecimal.valueOf(timeout.toNanos(), 9).stripTrailingZeros();
        return seconds.toPlainString() + " s";
    }
}
