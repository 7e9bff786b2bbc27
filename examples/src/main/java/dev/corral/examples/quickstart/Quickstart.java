package dev.corral.examples.quickstart;

import dev.corral.reconcile.plane.ControlPlane;
import dev.corral.reconcile.plane.LocalPlane;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Shows on this machine's kernel what Corral exists for, checks each claim, and ends with code 1 if one does not hold. */
public final class Quickstart {
    private final Steps steps;

    private Quickstart(PrintStream out) {
        this.steps = new Steps(out, System::nanoTime);
    }

    /** Takes no arguments. */
    public static void main(String[] arguments) throws IOException {
        System.exit(new Quickstart(System.out).run() ? 0 : 1);
    }

    private boolean run() throws IOException {
        steps.say("Corral on Linux "
                + Files.readString(Path.of("/proc/sys/kernel/osrelease")).strip() + ", JDK "
                + Runtime.version().feature() + ", as " + System.getProperty("user.name"));
        Leftovers leftovers = Leftovers.before();
        try (Payload payload = Payload.copied()) {
            steps.step("one child has all seven namespaces for itself", new LoneChild(payload)::prove);
            declare(payload, Enforced.here());
        } catch (Steps.Failed told) {
            steps.say("what comes after that step is left out");
        }
        try {
            steps.step("nothing is left", leftovers::check);
        } catch (Steps.Failed told) {
            return false;
        }
        return !steps.failed();
    }

    /** By default a limit that can't be enforced is an error; here it is told, and the rest is shown all the same. */
    private void declare(Payload payload, Enforced enforced) {
        LocalPlane local =
                enforced.all() ? ControlPlane.local() : ControlPlane.local().bestEffortLimits();
        try (ControlPlane plane = local.start()) {
            show(plane, payload, enforced);
            steps.step("everything is stopped", () -> stopped(plane));
        }
    }

    private void show(ControlPlane plane, Payload payload, Enforced enforced) {
        Http http = new Http();
        Replicas replicas = new Replicas(plane, Web.version(payload, "1"), http, enforced);
        steps.step("three replicas become available", replicas::bringUp);
        steps.step("each has its own view of the system", replicas::proveIsolation);
        if (!enforced.all()) {
            steps.skip("some limits are not enforced on this host", enforced.whyNot());
        }
        if (enforced.any()) {
            steps.step("each has its limits", replicas::proveLimits);
        }
        steps.step("one is killed and comes back", replicas::killOne);
        Rollout rollout = new Rollout(plane, http);
        steps.step(
                "version 2 takes over while a client keeps asking", () -> rollout.to(Web.version(payload, "2"), "2"));
        String greedy = "a program that takes memory without end meets its limit";
        if (enforced.memory().ok()) {
            steps.step(greedy, new Greedy(plane, payload)::provoke);
        } else {
            steps.skip(greedy, "left out: there is no limit for it here");
        }
    }

    private static String stopped(ControlPlane plane) {
        plane.close();
        return "";
    }
}
