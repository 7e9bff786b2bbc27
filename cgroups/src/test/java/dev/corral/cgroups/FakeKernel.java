package dev.corral.cgroups;

import dev.corral.internal.linux.Errno;
import dev.corral.internal.linux.ErrnoException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A kernel in memory: the layout of a fixture, groups with the files of their controllers, the checks the real one makes on
 * the values that Corral writes, and failures on demand.
 */
final class FakeKernel implements Tree {
    static final long PAGE = 4096;
    /** This process, as far as the fake goes. */
    static final Owner OWNER = new Owner(4242, 100, 4026531836L);

    private static final Path PROC = Path.of("/proc");
    private static final String UNLIMITED = "9223372036854771712";

    final List<String> writes = new ArrayList<>();
    private final TreeMap<Path, String> files = new TreeMap<>();
    private final FakeKnobs knobs = new FakeKnobs(files);
    private final TreeMap<Path, Long> directories = new TreeMap<>();
    private final Map<String, Integer> failures = new HashMap<>();
    private final Layout layout;
    private Set<String> offered = Set.of("cpu", "memory", "pids");
    private Optional<Path> denied = Optional.empty();
    /** Processes that are hidden in /proc and yet there. */
    final Set<Long> living = new HashSet<>();

    final Map<Path, Integer> owners = new HashMap<>();
    final Map<Path, Map<String, String>> attributes = new HashMap<>();
    private final Map<Path, String> stubborn = new HashMap<>();
    private final Map<Path, Runnable> meanwhile = new HashMap<>();
    private int user = 1000;
    private long nanos;
    private long random;
    private long inodes;

    FakeKernel(String fixture) {
        layout = Fixture.layout(fixture);
        for (String file : List.of("mountinfo", "cgroup")) {
            files.put(PROC.resolve("self").resolve(file), Fixture.text(fixture, file));
        }
        if (Files.exists(Fixture.directory(fixture).resolve("cgroups"))) {
            files.put(PROC.resolve("cgroups"), Fixture.text(fixture, "cgroups"));
        }
        process(OWNER.pid(), OWNER.start(), 'S');
        files.put(PROC.resolve("swaps"), "Filename Type Size Used Priority\n");
    }

    /** Puts the groups of this process in place; called after the knobs are turned. */
    Cgroups boot() {
        offered = offered.stream().filter(name -> layout.v1(name).isEmpty()).collect(Collectors.toSet());
        for (Hierarchy hierarchy : layout.hierarchies()) {
            if (hierarchy.own() instanceof Place.At at) {
                Path path = at.mountPoint();
                populate(path, hierarchy, true, offered);
                for (Path name : at.mountPoint().relativize(at.path())) {
                    if (!name.toString().isEmpty()) {
                        path = path.resolve(name);
                        populate(path, hierarchy, false, offered);
                    }
                }
                if (hierarchy.unified()) {
                    files.put(path.resolve("cgroup.procs"), "4242\n");
                }
            }
        }
        return Cgroups.detect(host(), Path.of("/sys"));
    }

    Host host() {
        return new Host(
                this,
                new Processes(this, PROC, living::contains),
                Optional.of(OWNER),
                user,
                PAGE,
                Clock.fixed(Instant.parse("2026-01-01T00:00:00Z"), ZoneOffset.UTC),
                new Backoff(() -> nanos, pause -> nanos += pause),
                () -> random++);
    }

    FakeKernel offering(String... controllers) {
        offered = Set.of(controllers);
        return this;
    }

    /** Everything below a directory belongs to root. */
    FakeKernel deny(String directory) {
        denied = Optional.of(Path.of(directory));
        return this;
    }

    /** Lets a call fail: {@code mkdir /sys/fs/cgroup/pids/x}, {@code write /…/pids.max}. */
    FakeKernel fail(String callAndPath, int errno) {
        failures.put(callAndPath, errno);
        return this;
    }

    /** A process in /proc. */
    void process(long pid, long start, char state) {
        stat(pid, state, 0x400000, start, 0);
    }

    void kernelThread(long pid) {
        stat(pid, 'S', 0x200040, 1, 0);
    }

    void realTime(long pid) {
        stat(pid, 'S', 0x400000, 1, 1);
    }

    private void stat(long pid, char state, long flags, long start, int policy) {
        files.put(
                PROC.resolve(Long.toString(pid)).resolve("stat"),
                pid + " (a (b) c) " + state + " 1 1 1 0 -1 " + flags + " 0 0 0 0 1 2 0 0 20 0 1 0 " + start
                        + " 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 17 0 0 " + policy + " 0 0 0\n");
    }

    /** A file of any text. */
    void file(Path path, String text) {
        files.put(path, text);
    }

    /** A file that takes every value and always shows one. */
    void stubborn(Path path, String shown) {
        stubborn.put(path, shown);
    }

    /** This process is in another group of version 2 from now on. */
    void moved(String membership) {
        files.put(PROC.resolve("self/cgroup"), membership + "\n");
    }

    /** Whose program this is, instead of uid 1000's. */
    FakeKernel as(int uid) {
        user = uid;
        return this;
    }

    /** What somebody else does just before a file is written. */
    FakeKernel before(Path write, Runnable action) {
        meanwhile.put(write, action);
        return this;
    }

    /** The number that the next name will hold. */
    long upcoming() {
        return random;
    }

    void set(Path file, String text) {
        files.put(file, text + "\n");
    }

    void remove(Path file) {
        files.remove(file);
    }

    void vanish(Path directory) {
        files.keySet().removeIf(file -> file.startsWith(directory));
        directories.remove(directory);
    }

    /** Groups besides those of this process and above. */
    List<Path> groups(String prefix) {
        return directories.keySet().stream()
                .filter(directory -> String.valueOf(directory.getFileName()).startsWith(prefix))
                .toList();
    }

    @Override
    public Optional<String> read(Path file) {
        failure("read", file);
        return Optional.ofNullable(stubborn.getOrDefault(file, files.get(file)));
    }

    @Override
    public Acquire acquire(Path directory) {
        long inode = inode(directory).orElseThrow(() -> new ErrnoException("open", directory.toString(), Errno.ENOENT));
        return new FakeFiles(this, directory, inode);
    }

    @Override
    public void write(Path file, String text) {
        failure("write", file);
        if (!files.containsKey(file)) {
            throw new ErrnoException("open", file.toString(), Errno.ENOENT);
        }
        String value = text.strip();
        writes.add(file.getFileName() + "=" + value);
        meanwhile.getOrDefault(file, () -> {}).run();
        if (file.endsWith("cgroup.subtree_control")) {
            Path group = Optional.ofNullable(file.getParent()).orElse(file);
            List<Path> children = children(group);
            List<Path> below =
                    children.stream().flatMap(child -> children(child).stream()).toList();
            try {
                new FakeSubtree(files, children, below).write(file, value);
            } finally {
                Set<String> enabled =
                        Set.of(files.getOrDefault(file, "").strip().split(" "));
                children.forEach(child -> controllers(child, enabled));
            }
            return;
        }
        check(file, value);
        knobs.check(file, value);
        if (file.endsWith("cgroup.procs")) {
            join(file, value);
            return;
        }
        files.put(file, knobs.stored(file, value).orElseGet(() -> stored(file, value)) + "\n");
    }

    private void join(Path list, String pid) {
        files.replaceAll((file, text) -> file.endsWith("cgroup.procs")
                ? text.lines()
                        .filter(line -> !line.equals(pid))
                        .map(line -> line + "\n")
                        .collect(Collectors.joining())
                : text);
        files.merge(list, pid + "\n", String::concat);
    }

    @Override
    public void mkdir(Path directory) {
        failure("mkdir", directory);
        if (directories.containsKey(directory) || files.containsKey(directory)) {
            throw new ErrnoException("mkdir", directory.toString(), Errno.EEXIST);
        }
        Hierarchy hierarchy = layout.hierarchies().stream()
                .filter(candidate -> candidate.own() instanceof Place.At at && directory.startsWith(at.mountPoint()))
                .findFirst()
                .orElseThrow();
        Path above = Optional.ofNullable(directory.getParent()).orElse(directory);
        String enabled =
                files.getOrDefault(above.resolve("cgroup.subtree_control"), "").strip();
        populate(directory, hierarchy, false, Set.of(enabled.split(" ")));
    }

    @Override
    public void rmdir(Path directory) {
        failure("rmdir", directory);
        if (!directories.containsKey(directory)) {
            throw new ErrnoException("rmdir", directory.toString(), Errno.ENOENT);
        }
        boolean occupied =
                !files.getOrDefault(directory.resolve("cgroup.procs"), "").isBlank();
        if (occupied || !children(directory).isEmpty()) {
            throw new ErrnoException("rmdir", directory.toString(), Errno.EBUSY);
        }
        vanish(directory);
    }

    @Override
    public List<Path> children(Path directory) {
        failure("list", directory);
        return directories.keySet().stream()
                .filter(child -> directory.equals(child.getParent()))
                .toList();
    }

    @Override
    public List<String> files(Path directory) {
        return files.keySet().stream()
                .filter(file -> directory.equals(file.getParent()))
                .map(file -> String.valueOf(file.getFileName()))
                .toList();
    }

    @Override
    public Optional<Long> inode(Path directory) {
        failure("find", directory);
        return Optional.ofNullable(directories.get(directory));
    }

    @Override
    public boolean writable(Path path) {
        return denied.filter(path::startsWith).isEmpty();
    }

    @Override
    public OptionalInt owner(Path path) {
        return failures.containsKey("stat " + path)
                ? OptionalInt.empty()
                : OptionalInt.of(owners.getOrDefault(path, writable(path) ? user : 0));
    }

    @Override
    public void chown(Path path, long newUser, long newGroup) {
        failure("chown", path);
        writes.add("chown " + path + " " + newUser + ":" + newGroup);
    }

    @Override
    public Optional<String> attribute(Path directory, String name) {
        failure("getxattr", directory);
        return Optional.ofNullable(attributes.getOrDefault(directory, Map.of()).get(name));
    }

    @Override
    public void setAttribute(Path directory, String name, String value) {
        failure("setxattr", directory);
        attributes.computeIfAbsent(directory, path -> new HashMap<>()).put(name, value);
    }

    private void failure(String call, Path path) {
        Integer errno = failures.get(call + " " + path);
        if (errno != null) {
            throw new ErrnoException(call, path.toString(), errno);
        }
    }

    private void populate(Path directory, Hierarchy hierarchy, boolean root, Set<String> controllers) {
        directories.put(directory, 1000L + inodes++);
        files.put(directory.resolve("cgroup.procs"), "");
        if (hierarchy.unified()) {
            unified(directory, root, controllers);
            return;
        }
        if (hierarchy.controllers().contains("memory")) {
            all(directory, "memory.limit_in_bytes memory.memsw.limit_in_bytes", UNLIMITED);
            all(directory, "memory.usage_in_bytes memory.max_usage_in_bytes memory.memsw.max_usage_in_bytes", "0");
            all(directory, "memory.failcnt memory.memsw.failcnt", "0");
            set(directory.resolve("memory.oom_control"), "oom_kill_disable 0\nunder_oom 0\noom_kill 0");
            set(directory.resolve("memory.stat"), "total_swap 0");
        }
        if (hierarchy.controllers().contains("cpu")) {
            all(directory, "cpu.cfs_quota_us", "-1");
            all(directory, "cpu.cfs_period_us", "100000");
            set(directory.resolve("cpu.stat"), "nr_periods 0\nnr_throttled 0\nthrottled_time 0");
        }
        if (hierarchy.controllers().contains("cpuacct")) {
            all(directory, "cpuacct.usage", "0");
        }
        if (hierarchy.controllers().contains("pids") && !root) {
            all(directory, "pids.current", "0");
            all(directory, "pids.max", "max");
        }
        if (hierarchy.controllers().contains("freezer") && !root) {
            all(directory, "freezer.state", "THAWED");
        }
        knobs.v1(directory, hierarchy.controllers(), root);
    }

    private void unified(Path directory, boolean root, Set<String> controllers) {
        set(directory.resolve("cgroup.subtree_control"), "");
        set(directory.resolve("cpu.stat"), "usage_usec 0\nuser_usec 0\nsystem_usec 0");
        if (root) {
            list(directory, controllers);
            knobs.v2Root(directory, controllers);
            return;
        }
        set(directory.resolve("cgroup.type"), "domain");
        set(directory.resolve("cgroup.kill"), "");
        knobs.v2(directory);
        controllers(directory, controllers);
    }

    private void list(Path directory, Set<String> controllers) {
        set(
                directory.resolve("cgroup.controllers"),
                controllers.stream().sorted().collect(Collectors.joining(" ")));
    }

    /** The controllers that a group has from now on; the files of those it had stay as they are. */
    private void controllers(Path directory, Set<String> all) {
        String before = files.getOrDefault(directory.resolve("cgroup.controllers"), "");
        Set<String> controllers = new HashSet<>(all);
        controllers.removeAll(List.of(before.strip().split(" ")));
        list(directory, all);
        if (controllers.contains("memory")) {
            all(directory, "memory.max memory.swap.max", "max");
            all(directory, "memory.current memory.peak memory.swap.current", "0");
            set(directory.resolve("memory.events"), "low 0\nhigh 0\nmax 0\noom 0\noom_kill 0");
        }
        if (controllers.contains("cpu")) {
            all(directory, "cpu.max", "max 100000");
        }
        if (controllers.contains("pids")) {
            all(directory, "pids.max", "max");
            all(directory, "pids.current", "0");
        }
        knobs.v2(directory, controllers);
    }

    private void all(Path directory, String names, String text) {
        Stream.of(names.split(" ")).forEach(name -> set(directory.resolve(name), text));
    }

    private void check(Path file, String value) {
        switch (String.valueOf(file.getFileName())) {
            case "memory.limit_in_bytes" -> {
                if (number(file.resolveSibling("memory.usage_in_bytes")) > bytes(value)) {
                    throw new ErrnoException("write", file.toString(), Errno.EBUSY);
                }
                Path sum = file.resolveSibling("memory.memsw.limit_in_bytes");
                refuse(file, files.containsKey(sum) && bytes(value) > number(sum));
            }
            case "memory.memsw.limit_in_bytes" ->
                refuse(file, bytes(value) < number(file.resolveSibling("memory.limit_in_bytes")));
            case "cpu.cfs_quota_us" -> {
                Path above = Optional.ofNullable(file.getParent())
                        .map(Path::getParent)
                        .orElse(file);
                String parent = files.getOrDefault(above.resolve("cpu.cfs_quota_us"), "-1")
                        .strip();
                refuse(file, !parent.equals("-1") && Long.parseLong(value) > Long.parseLong(parent));
            }
            default -> {}
        }
    }

    private static void refuse(Path file, boolean wrong) {
        if (wrong) {
            throw new ErrnoException("write", file.toString(), Errno.EINVAL);
        }
    }

    private String stored(Path file, String value) {
        String name = String.valueOf(file.getFileName());
        return name.endsWith("limit_in_bytes") ? Long.toString(bytes(value) / PAGE * PAGE) : value;
    }

    private long number(Path file) {
        return Long.parseLong(files.getOrDefault(file, "0").strip());
    }

    private static long bytes(String value) {
        return value.equals("-1") ? Long.MAX_VALUE / PAGE * PAGE : Long.parseLong(value);
    }
}
