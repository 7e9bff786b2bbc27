package dev.corral.cgroups;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.corral.Child;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A group of the real kernel that a test works below, with every controller that this user has here; gone when closed. */
final class RealGroup implements AutoCloseable {
    /** Whether the machine is an emulated one, where a second has no meaning: set by the script that boots it. */
    static final boolean EMULATED = Boolean.getBoolean("corral.emulated");

    /** The property with the path of a delegated group in the version 2 tree. */
    static final String DELEGATED = "corral.test.delegated";

    private static final Pattern CPUS = Pattern.compile("Cpus_allowed_list:\\s*(\\S+)");
    private static final Pattern NODES = Pattern.compile("Mems_allowed_list:\\s*(\\S+)");

    private final Cgroup group;

    private RealGroup(Cgroup group) {
        this.group = group;
    }

    /** A group with these controllers; skips the test where one of them is not to be had. */
    static RealGroup with(Controller... controllers) throws IOException {
        Cgroups host = host();
        for (Controller controller : controllers) {
            Availability answer = host.availability(controller);
            assumeTrue(answer.ok(), answer::describe);
        }
        return new RealGroup(host.create("corral-test-" + Long.toHexString(System.nanoTime())));
    }

    /**
     * This host, with groups made where tests may make them. Whoever starts a JVM in a group of its own below a delegated one says
     * which that is, since a group of version 2 that holds processes can't give controllers to those below.
     */
    static Cgroups host() {
        Cgroups detected = Cgroups.detect();
        return delegated()
                .map(path -> detected.within(Path.of("/sys/fs/cgroup" + path)))
                .orElse(detected);
    }

    /** The path of the delegated group in the version 2 tree; empty where the tests' own group is the place. */
    static Optional<String> delegated() {
        return Optional.ofNullable(System.getProperty(DELEGATED));
    }

    /** The host as a process in another group of the version 2 tree would see it. */
    static Cgroups seenFrom(String path) {
        try {
            return Cgroups.detect(proc(path), Path.of("/sys"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path proc(String path) throws IOException {
        Path proc = Files.createTempDirectory("corral-proc");
        Path self = Files.createDirectory(proc.resolve("self"));
        List<Path> files = List.of(
                Files.copy(Path.of("/proc/self/mountinfo"), self.resolve("mountinfo")),
                Files.writeString(self.resolve("cgroup"), "0::" + path + "\n"),
                Files.copy(Path.of("/proc/swaps"), proc.resolve("swaps")),
                Files.copy(Path.of("/proc/cgroups"), proc.resolve("cgroups")));
        Stream.concat(Stream.of(proc, self), files.stream())
                .forEach(made -> made.toFile().deleteOnExit());
        return proc;
    }

    /** Limits of a child below this group. */
    Limits limits() {
        return Limits.none().under(group);
    }

    Cgroup group() {
        return group;
    }

    /** A block device that tests may overwrite; empty unless one is named. */
    static Optional<Path> spareDevice() {
        return Optional.ofNullable(System.getProperty("corral.test.device")).map(Path::of);
    }

    /** One counter of a control file that consists of keys and values. */
    static long count(Cgroup group, Controller controller, String file, String key) throws IOException {
        return Files.readAllLines(group.path(controller).orElseThrow().resolve(file)).stream()
                .filter(line -> line.startsWith(key + " "))
                .mapToLong(line -> Long.parseLong(line.substring(key.length() + 1)))
                .findFirst()
                .orElseThrow();
    }

    static Cgroup of(Child child) {
        return child.find(Cgroup.class).orElseThrow();
    }

    static Duration used(Cgroup group) {
        return group.usage().cpu().orElseThrow().used();
    }

    static CpuStat.Throttling throttling(Cgroup group) {
        return group.usage().cpu().orElseThrow().throttling().orElseThrow();
    }

    /**
     * How much of one CPU a child's group uses while the child runs on for some time: 1 is all of it, and rather too little than
     * too much where this JVM has to wait for a CPU itself.
     */
    static double share(Child child, Duration time) throws InterruptedException {
        Cgroup group = of(child);
        long began = System.nanoTime();
        Duration before = used(group);
        assertThat(child.await(time)).as("it runs on").isEmpty();
        Duration after = used(group);
        return (double) after.minus(before).toNanos() / (System.nanoTime() - began);
    }

    /** The first CPU that this process may run on. */
    static CpuSet oneCpu() throws IOException {
        return first(CPUS);
    }

    /** The first memory node that it may use. */
    static CpuSet oneNode() throws IOException {
        return first(NODES);
    }

    private static CpuSet first(Pattern list) throws IOException {
        Matcher allowed = list.matcher(Files.readString(Path.of("/proc/self/status")));
        assertThat(allowed.find()).isTrue();
        return CpuSet.of(CpuSet.parse(allowed.group(1)).numbers().get(0));
    }

    @Override
    public void close() {
        group.close();
        assertThat(group.paths()).noneMatch(Files::exists);
    }
}
