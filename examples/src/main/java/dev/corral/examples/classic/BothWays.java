package dev.corral.examples.classic;

import static java.time.Duration.ofMinutes;

import dev.corral.Child;
import dev.corral.Command;
import dev.corral.namespaces.Isolation;
import dev.corral.reconcile.plane.ControlPlane;
import dev.corral.reconcile.workload.Deployment;
import dev.corral.reconcile.workload.Pod;
import java.util.ArrayList;
import java.util.List;

/**
 * The same task both ways: three programs are kept running, one of them is killed, and there are three again. Imperative: what to do
 * at each end is written down. Declarative: what shall be is written down.
 */
public final class BothWays {
    private static final String[] PROGRAM = {"sleep", "600"};
    private static final int COPIES = 3;

    private BothWays() {}

    /** Takes no arguments. */
    public static void main(String... arguments) throws InterruptedException {
        System.out.println("imperative:  pids " + imperative());
        System.out.println("declarative:\n" + declarative());
    }

    /** The pids at the beginning and at the end. */
    static List<List<Long>> imperative() throws InterruptedException {
        Command command = Command.of(List.of(PROGRAM)).with(Isolation.full());
        List<Child> children = new ArrayList<>();
        try {
            for (int i = 0; i < COPIES; i++) {
                children.add(command.start());
            }
            List<Long> before = pids(children);
            children.get(0).destroyForcibly().waitFor(); // somebody kills one
            // What a real one does at each end. It still lacks a pause for what fails at once, a question whether the
            // programs work, a way to another version, and a look at how it all stands.
            for (int i = 0; i < COPIES; i++) {
                if (!children.get(i).isAlive()) {
                    children.get(i).close();
                    children.set(i, command.start());
                }
            }
            return List.of(before, pids(children));
        } finally {
            children.forEach(Child::close);
        }
    }

    /** The pods at the end, as a table. */
    static String declarative() throws InterruptedException {
        Deployment three = Deployment.named("three").replicas(COPIES).container(c -> c.command(PROGRAM));
        try (ControlPlane plane = ControlPlane.local().start()) {
            plane.apply(three);
            plane.require(three, Deployment.AVAILABLE, ofMinutes(1));
            String one = plane.list(Pod.KIND).get(0).name();
            plane.exec(one, "main", "sh", "-c", "kill -KILL 2"); // its program, as it is numbered inside
            plane.require(Pod.KIND, one, pod -> pod.status().restarts() == 1 && Pod.ready(pod), ofMinutes(1));
            plane.require(three, Deployment.AVAILABLE, ofMinutes(1));
            return plane.describe(Pod.KIND);
        }
    }

    private static List<Long> pids(List<Child> children) {
        return children.stream().filter(Child::isAlive).map(Child::payloadPid).toList();
    }
}
