package dev.corral.cgroups;

import dev.corral.Child;
import dev.corral.Command;
import dev.corral.CorralException;
import dev.corral.Environment;
import dev.corral.Result;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Asks systemd for a scope: by busctl, which moves this process into it, or else by systemd-run, which starts a helper that
 * holds it open.
 */
record ScopeCall(Host host, Hierarchy unified, ScopeRequest request) {
    private static final String MANAGER = "org.freedesktop.systemd1";

    /** Where it lies, and who holds it open if it isn't this process. */
    record Answer(Path path, Optional<Child> holder) {}

    Answer ask() throws InterruptedException {
        List<String> reasons = new ArrayList<>();
        if (!Files.isDirectory(request.runtime().resolve("systemd/system"))) {
            throw none(List.of("systemd does not run this machine, for there is no "
                    + request.runtime().resolve("systemd/system")));
        }
        Optional<Answer> answer = program("busctl", reasons).isPresent() ? byBus(reasons) : Optional.empty();
        if (answer.isEmpty() && program("systemd-run", reasons).isPresent()) {
            answer = byRun(reasons);
        }
        return answer.orElseThrow(() -> none(reasons));
    }

    /** The arguments are the types and values of the call. Source: org.freedesktop.systemd1(5), busctl(1). */
    private Optional<Answer> byBus(List<String> reasons) throws InterruptedException {
        long pid = ProcessHandle.current().pid();
        List<String> properties = new ArrayList<>(List.of(
                "PIDs",
                "au",
                "1",
                Long.toString(pid),
                "Delegate",
                "b",
                "true",
                "CollectMode",
                "s",
                "inactive-or-failed"));
        request.slice().ifPresent(slice -> properties.addAll(List.of("Slice", "s", slice)));
        List<String> line = new ArrayList<>(List.of(
                program("busctl", reasons).orElseThrow().toString(),
                bus(),
                "call",
                MANAGER,
                "/org/freedesktop/systemd1",
                MANAGER + ".Manager",
                "StartTransientUnit",
                "ssa(sv)a(sa(sv))",
                request.unit(),
                "fail",
                request.slice().isPresent() ? "4" : "3"));
        line.addAll(properties);
        line.add("0");
        try {
            Result result = Command.of(line).environment(environment()).run(request.patience());
            if (!result.exit().ok()) {
                reasons.add("busctl " + result.exit() + ": "
                        + firstLine(result.error().text()));
                return Optional.empty();
            }
        } catch (CorralException e) {
            reasons.add(e.getMessage());
            return Optional.empty();
        }
        // the answer is that of the job; the process is moved when that has run
        Optional<Path> path = awaitMember(pid, Optional.empty());
        if (path.isEmpty()) {
            reasons.add("busctl asked for it, and this process was not in it after " + request.patience());
        }
        return path.map(directory -> new Answer(directory, Optional.empty()));
    }

    private Optional<Answer> byRun(List<String> reasons) throws InterruptedException {
        List<String> line = new ArrayList<>(List.of(
                program("systemd-run", reasons).orElseThrow().toString(),
                bus(),
                "--scope",
                "--quiet",
                "--collect",
                "--unit=" + request.unit(),
                "-p",
                "Delegate=yes"));
        request.slice().ifPresent(slice -> line.add("--slice=" + slice));
        // it reads what nobody writes, and so ends with this process at the latest
        line.addAll(List.of("--", "cat"));
        Child holder;
        try {
            holder = Command.of(line).environment(environment()).start();
        } catch (CorralException e) {
            reasons.add(e.getMessage());
            return Optional.empty();
        }
        Optional<Path> path = Optional.empty();
        try {
            path = awaitMember(holder.payloadPid(), Optional.of(holder));
            if (path.isEmpty()) {
                reasons.add(
                        holder.isAlive()
                                ? "systemd-run asked for it, and its helper was not in it after " + request.patience()
                                : "systemd-run " + holder.await() + ": " + firstLine(errors(holder)));
            }
        } finally {
            if (path.isEmpty()) {
                holder.close();
            }
        }
        return path.map(directory -> new Answer(directory, Optional.of(holder)));
    }

    private Optional<Path> awaitMember(long pid, Optional<Child> holder) throws InterruptedException {
        List<Path> found = new ArrayList<>();
        host.backoff().until(request.patience(), () -> {
            host.processes().groups(pid).stream()
                    .filter(Membership::isV2)
                    .filter(line -> line.path().endsWith("/" + request.unit()))
                    .flatMap(line -> unified.own() instanceof Place.At at
                            ? at.resolve(line.path()).stream()
                            : java.util.stream.Stream.empty())
                    .forEach(found::add);
            return !found.isEmpty() || holder.filter(child -> !child.isAlive()).isPresent();
        });
        if (found.isEmpty() && Thread.interrupted()) {
            throw new InterruptedException("while waiting for " + request.unit());
        }
        return found.stream().findFirst();
    }

    /** What it takes to find the bus, and nothing more of this process's own. */
    private static Environment environment() {
        Map<String, String> variables = new HashMap<>();
        for (String name :
                List.of("PATH", "HOME", "XDG_RUNTIME_DIR", "DBUS_SESSION_BUS_ADDRESS", "DBUS_SYSTEM_BUS_ADDRESS")) {
            Optional.ofNullable(System.getenv(name)).ifPresent(value -> variables.put(name, value));
        }
        return new Environment(variables);
    }

    private String bus() {
        return host.user() == 0 ? "--system" : "--user";
    }

    private Optional<Path> program(String name, List<String> reasons) {
        Optional<Path> found = request.path().stream()
                .map(directory -> directory.resolve(name))
                .filter(Files::isExecutable)
                .findFirst();
        if (found.isEmpty()) {
            reasons.add("there is no " + name + " in " + request.path());
        }
        return found;
    }

    private NoScope none(List<String> reasons) {
        return new NoScope(
                Failure.of("obtain", request.unit())
                        .why(String.join("; ", reasons))
                        .hint(Delegation.ways(host.user())),
                null);
    }

    private static String errors(Child child) {
        try {
            return new String(child.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String firstLine(String text) {
        return text.lines().filter(line -> !line.isBlank()).findFirst().orElse("it said nothing");
    }
}
