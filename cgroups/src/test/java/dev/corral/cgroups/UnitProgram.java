package dev.corral.cgroups;

import static dev.corral.ByteSize.mebibytes;

import dev.corral.Child;
import dev.corral.Command;
import dev.corral.Exit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A program for a unit of systemd's: does what its arguments say, one after the other, and prints what came of each. */
final class UnitProgram {
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private Cgroups host = Cgroups.detect();

    private UnitProgram() {}

    public static void main(String[] arguments) throws Exception {
        UnitProgram program = new UnitProgram();
        for (String argument : arguments) {
            String[] step = argument.split("=", 2);
            program.step(step[0], step.length == 1 ? "" : step[1]);
        }
    }

    private void step(String what, String value) throws Exception {
        switch (what) {
            case "look" -> look();
            case "within" -> host = host.within(Path.of(value));
            case "supervise" -> say("supervised", DelegateProgram.refusal(() -> host = host.supervised()));
            case "obtain" -> obtain(ScopeRequest.named(value));
            case "helper" -> obtain(ScopeRequest.named(value).path(List.of(Units.WITHOUT_BUS)));
            case "controllers" ->
                host.availability()
                        .forEach((controller, answer) -> say(
                                "controller " + controller, answer.getClass().getSimpleName()));
            case "start" -> say("start", DelegateProgram.refusal(this::start));
            case "limit" -> limit();
            case "exceed" -> exceed();
            case "sweep" -> say("swept", host.sweep());
            case "stay" -> stay(value);
            default -> throw new IllegalArgumentException(what);
        }
    }

    private void look() {
        say("group", own());
        say("delegated", host.delegated().describe());
        say("memory", host.availability(Controller.MEMORY).describe());
        say("start", DelegateProgram.refusal(this::start));
    }

    private void obtain(ScopeRequest request) throws InterruptedException {
        try {
            DelegatedScope scope = host.obtain(request.patience(PATIENCE));
            host = scope.cgroups();
            say("scope", scope.path());
            say("inside", scope.holdsThisProcess());
            say("delegated", host.delegated().describe());
        } catch (NoScope e) {
            say("scope", String.valueOf(e.getMessage()));
        }
        say("group", own());
    }

    private void start() {
        try (Child child = Command.of("true")
                .with(host.confine(Limits.none().memory(mebibytes(64)).pids(20)))
                .start()) {
            child.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What the kernel says of a child's limits. */
    private void limit() throws IOException {
        Limits limits = Limits.none().memory(mebibytes(64)).pids(20).cpus(0.5).named("job");
        try (Child child = Command.of("sleep", "60").with(host.confine(limits)).start()) {
            Path group = child.find(Cgroup.class).orElseThrow().path();
            say("child", Files.readString(Path.of("/proc/" + child.pid() + "/cgroup")));
            for (String file : List.of("memory.max", "pids.max", "cpu.max")) {
                say(file, Files.readString(group.resolve(file)));
            }
        }
        say("self", own());
    }

    private void exceed() throws Exception {
        Command fills = Command.of(
                "dd", "if=/dev/zero", "of=/dev/null", "bs=" + mebibytes(150).bytes(), "count=1");
        try (Child child =
                fills.with(host.confine(Limits.none().memory(mebibytes(48)))).start()) {
            Exit exit = child.await();
            say("exit", exit);
            say("limit", exit.cause(LimitCause.OutOfMemory.class).flatMap(LimitCause.OutOfMemory::limit));
        }
    }

    /** Waits for its end, with a child. */
    private void stay(String name) throws Exception {
        Limits limits = Limits.none().memory(mebibytes(64)).pids(20).named(name);
        Child child = Command.of("sleep", "600").with(host.confine(limits)).start();
        say("child", child.pid());
        say("payload", child.find(Cgroup.class).orElseThrow().path());
        say("group", own());
        Thread.currentThread().join();
    }

    private static String own() {
        try {
            return Files.readString(Path.of("/proc/self/cgroup"));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static void say(String what, Object answer) {
        Object known = answer instanceof Optional<?> maybe && maybe.isPresent() ? maybe.get() : answer;
        System.out.println(what + ": " + known.toString().strip());
        System.out.flush();
    }
}
