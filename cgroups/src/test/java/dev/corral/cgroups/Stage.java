package dev.corral.cgroups;

import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A group to turn knobs in: one of this machine's kernel where it has the controllers and lets this user, and otherwise one of
 * the fake kernel, which knows the same rules. The same tests run on both.
 */
final class Stage implements AutoCloseable {
    private final FakeKernel fake;
    private final boolean real;
    private final Cgroup group;
    private final List<Process> started = new ArrayList<>();

    private Stage(FakeKernel fake, boolean real, Cgroup group) {
        this.fake = fake;
        this.real = real;
        this.group = group;
    }

    /** One with directories in the version 1 hierarchies of some controllers. */
    static Stage v1(String... controllers) {
        return of("6.18-hybrid", false, controllers);
    }

    /** One in the tree of version 2, with some controllers. */
    static Stage v2(String... controllers) {
        return of("6.1-container-v2", true, controllers);
    }

    private static Stage of(String fixture, boolean unified, String... controllers) {
        FakeKernel fake = new FakeKernel(fixture).offering("cpu", "cpuset", "memory", "pids", "io", "hugetlb");
        try {
            Cgroup group = Cgroups.detect().create("corral-test-knobs-" + Long.toHexString(System.nanoTime()));
            boolean enough = Stream.of(controllers)
                    .allMatch(controller -> group.directories().stream()
                            .anyMatch(directory ->
                                    directory.hierarchy().unified() == unified && directory.has(controller)));
            boolean tree = group.directories().stream()
                    .anyMatch(directory -> directory.hierarchy().unified() == unified);
            if (enough && tree) {
                return new Stage(fake, true, group);
            }
            group.close();
        } catch (CgroupException e) {
            // not for this user on this machine
        }
        return new Stage(fake, false, fake.boot().create("knobs"));
    }

    Cgroup group() {
        return group;
    }

    boolean isReal() {
        return real;
    }

    /** For what only the fake kernel can be made to do. */
    FakeKernel fake() {
        assumeFalse(real, "the real kernel can't be told to do this");
        return fake;
    }

    /** For what takes real processes or devices. */
    void needsRealKernel() {
        assumeTrue(real, "needs control groups of this version that this user may write to");
    }

    <C extends ControllerFiles> C controller(Class<C> type) {
        return group.find(type).orElseThrow();
    }

    /** A group below, in the hierarchy of one controller only. */
    GroupDirectory below(ControllerFiles controller, String name) {
        return controller.group().child(name);
    }

    /** What a file says, past the code under test. */
    String text(Path file) {
        try {
            return (real ? Files.readString(file) : fake.read(file).orElseThrow()).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String text(ControllerFiles controller, String file) {
        return text(controller.path().resolve(file));
    }

    /** A shell in the directories of some controllers. */
    Process inside(String script, ControllerFiles... controllers) {
        StringBuilder join = new StringBuilder();
        for (ControllerFiles controller : controllers) {
            join.append("echo $$ > '").append(controller.path()).append("/cgroup.procs'; ");
        }
        try {
            Process process =
                    new ProcessBuilder("sh", "-c", "set -e; " + join + "echo in; exec 2>/dev/null; " + script).start();
            started.add(process);
            String in = new String(process.getInputStream().readNBytes(3), StandardCharsets.UTF_8);
            if (!in.equals("in\n")) {
                throw new IllegalStateException(
                        new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8));
            }
            return process;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        started.forEach(Process::destroyForcibly);
        group.close();
    }
}
