package dev.corral.cgroups;

import dev.corral.internal.linux.Errno;
import dev.corral.internal.linux.ErrnoException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What the kernel makes of the values that are written to the files of controllers. Seen on 6.18, 6.12 and 6.1. */
final class FakeKnobs {
    private static final String UNLIMITED = "9223372036854771712";
    private static final CpuSet ONLINE = CpuSet.range(0, 3);
    private static final List<String> DISKS = List.of("8:0", "254:0");

    private final Map<Path, String> files;

    FakeKnobs(Map<Path, String> files) {
        this.files = files;
    }

    // ------------------------------------------------------------------ what is there

    void v1(Path directory, Set<String> controllers, boolean root) {
        if (controllers.contains("cpu")) {
            all(directory, "cpu.cfs_burst_us=0 cpu.shares=1024 cpu.idle=0");
        }
        if (controllers.contains("cpuacct")) {
            all(directory, "cpuacct.usage_user=0 cpuacct.usage_sys=0");
            set(directory.resolve("cpuacct.usage_percpu"), "0 0 0 0");
            set(directory.resolve("cpuacct.usage_all"), "cpu user system\n0 0 0\n1 0 0\n2 0 0\n3 0 0");
        }
        if (controllers.contains("cpuset")) {
            all(
                    directory,
                    "cpuset.cpu_exclusive=0 cpuset.mem_exclusive=0 cpuset.memory_migrate=0 cpuset.sched_load_balance=1");
            set(directory.resolve("cpuset.cpus"), root ? ONLINE.toString() : "");
            set(directory.resolve("cpuset.mems"), root ? "0" : "");
            set(directory.resolve("cpuset.effective_cpus"), root ? ONLINE.toString() : "");
            set(directory.resolve("cpuset.effective_mems"), root ? "0" : "");
        }
        if (controllers.contains("memory")) {
            all(
                    directory,
                    "memory.swappiness=60 memory.force_empty= memory.memsw.usage_in_bytes=0 memory.soft_limit_in_bytes="
                            + UNLIMITED + " memory.kmem.limit_in_bytes=" + UNLIMITED);
        }
        if (controllers.contains("pids") && !root) {
            all(directory, "pids.peak=0");
            set(directory.resolve("pids.events"), "max 0");
        }
        if (controllers.contains("blkio")) {
            for (String file : List.of("read_bps", "write_bps", "read_iops", "write_iops")) {
                set(directory.resolve("blkio.throttle." + file + "_device"), "");
            }
            all(directory, "blkio.reset_stats=");
            if (!root) {
                all(directory, "blkio.bfq.weight=100");
                set(directory.resolve("blkio.bfq.weight_device"), "default 100");
            }
        }
        if (controllers.contains("devices")) {
            all(directory, "devices.allow= devices.deny=");
            String above = text(directory.resolve("../devices.list").normalize());
            set(directory.resolve("devices.list"), root || above.isEmpty() ? "a *:* rwm" : above);
        }
        if (controllers.contains("freezer") && !root) {
            set(directory.resolve("freezer.state"), "THAWED");
            all(directory, "freezer.self_freezing=0 freezer.parent_freezing=0");
        }
    }

    void v2Root(Path directory, Set<String> controllers) {
        if (controllers.contains("cpuset")) {
            set(directory.resolve("cpuset.cpus.effective"), ONLINE.toString());
            set(directory.resolve("cpuset.mems.effective"), "0");
        }
    }

    /** What every group has. */
    void v2(Path directory) {
        all(
                directory,
                "cgroup.max.depth=max cgroup.max.descendants=max cgroup.pressure=1 cgroup.freeze=0 cgroup.threads=");
        set(directory.resolve("cgroup.stat"), "nr_descendants 0\nnr_dying_descendants 0");
        set(directory.resolve("cgroup.events"), "populated 0\nfrozen 0");
        pressure(directory, true);
    }

    void v2(Path directory, Set<String> controllers) {
        if (controllers.contains("cpu")) {
            all(directory, "cpu.max.burst=0 cpu.weight=100 cpu.weight.nice=0 cpu.idle=0");
        }
        if (controllers.contains("cpuset")) {
            all(directory, "cpuset.cpus= cpuset.mems= cpuset.cpus.partition=member cpuset.cpus.exclusive=");
            all(directory, "cpuset.cpus.exclusive.effective= cpuset.mems.effective=0");
            set(directory.resolve("cpuset.cpus.effective"), ONLINE.toString());
        }
        if (controllers.contains("memory")) {
            all(directory, "memory.high=max memory.low=0 memory.min=0 memory.oom.group=0 memory.reclaim=");
            all(directory, "memory.swap.high=max memory.swap.peak=0");
        }
        if (controllers.contains("pids")) {
            all(directory, "pids.peak=0");
            set(directory.resolve("pids.events"), "max 0");
        }
        if (controllers.contains("io")) {
            set(directory.resolve("io.max"), "");
            set(directory.resolve("io.weight"), "default 100");
            set(directory.resolve("io.bfq.weight"), "default 100");
        }
        if (controllers.contains("hugetlb")) {
            for (String size : List.of("2MB", "1GB")) {
                all(directory, ("X.max=" + UNLIMITED + " X.rsvd.max=" + UNLIMITED).replace("X", "hugetlb." + size));
                all(directory, "X.current=0 X.rsvd.current=0".replace("X", "hugetlb." + size));
                set(directory.resolve("hugetlb." + size + ".events"), "max 0");
            }
        }
    }

    // ------------------------------------------------------------------ what is refused

    void check(Path file, String value) {
        String name = String.valueOf(file.getFileName());
        switch (name) {
            case "cpu.cfs_burst_us" -> {
                String quota = text(file.resolveSibling("cpu.cfs_quota_us"));
                refuse(file, !quota.equals("-1") && Long.parseLong(value) > Long.parseLong(quota), Errno.EINVAL);
            }
            case "cpu.cfs_quota_us" ->
                refuse(
                        file,
                        !value.equals("-1")
                                && (Long.parseLong(value) < 1000
                                        || Long.parseLong(value) < number(file.resolveSibling("cpu.cfs_burst_us"))
                                        || aChildHasMore(file, value)),
                        Errno.EINVAL);
            case "cpu.max" -> {
                String quota = value.split(" ", 2)[0];
                long burst = number(file.resolveSibling("cpu.max.burst"));
                refuse(file, !quota.equals("max") && Long.parseLong(quota) < Math.max(1000, burst), Errno.EINVAL);
            }
            case "cpu.max.burst" -> {
                String quota = text(file.resolveSibling("cpu.max")).split(" ", 2)[0];
                refuse(file, !quota.equals("max") && Long.parseLong(value) > Long.parseLong(quota), Errno.EINVAL);
            }
            case "cpu.shares", "cpu.weight", "cpu.weight.nice" -> {
                refuse(file, number(file.resolveSibling("cpu.idle")) == 1, Errno.EINVAL);
                refuse(
                        file,
                        name.equals("cpu.weight") && (Long.parseLong(value) < 1 || Long.parseLong(value) > 10_000),
                        Errno.ERANGE);
            }
            case "cpuset.cpus", "cpuset.mems" -> cpuset(file, value);
            case "blkio.throttle.read_bps_device",
                    "blkio.throttle.write_bps_device",
                    "blkio.throttle.read_iops_device",
                    "blkio.throttle.write_iops_device",
                    "io.max" -> {
                refuse(file, !DISKS.contains(value.split(" ", 2)[0]), Errno.ENODEV);
                refuse(file, name.equals("io.max") && value.contains("=0"), Errno.ERANGE);
            }
            case "blkio.bfq.weight_device" -> refuse(file, true, Errno.EOPNOTSUPP);
            case "io.weight" -> refuse(file, !value.startsWith("default "), Errno.EOPNOTSUPP);
            case "devices.allow", "devices.deny" -> {
                refuse(file, value.equals("a") && hasChildren(file), Errno.EINVAL);
                String above =
                        text(Path.of(file.getParent() + "/../devices.list").normalize());
                refuse(
                        file,
                        name.equals("devices.allow")
                                && !value.equals("a")
                                && !above.isEmpty()
                                && !above.startsWith("a ")
                                && !above.contains(value.substring(0, value.lastIndexOf(' '))),
                        Errno.EPERM);
            }
            case "memory.reclaim" -> reclaim(file, value);
            case "memory.swappiness" -> refuse(file, Long.parseLong(value) > 200, Errno.EINVAL);
            default -> {}
        }
    }

    private void cpuset(Path file, String value) {
        CpuSet asked = CpuSet.parse(value);
        boolean cpus = file.endsWith("cpuset.cpus");
        refuse(file, !(cpus ? ONLINE : CpuSet.of(0)).containsAll(asked), cpus ? Errno.ERANGE : Errno.EINVAL);
        if (files.containsKey(file.resolveSibling("cpuset.cpus.partition"))) {
            return;
        }
        String above =
                text(Path.of(file.getParent() + "/../" + file.getFileName()).normalize());
        refuse(file, !CpuSet.parse(above).containsAll(asked), Errno.EACCES);
        below(file).forEach(child -> refuse(file, !asked.containsAll(CpuSet.parse(text(child))), Errno.EBUSY));
    }

    /** Half of what is in use can be had. */
    private void reclaim(Path file, String value) {
        refuse(file, value.contains("swappiness="), Errno.EINVAL);
        Path current = file.resolveSibling("memory.current");
        long usage = number(current);
        long had = Math.min(Long.parseLong(value), usage / 2);
        set(current, Long.toString(usage - had));
        refuse(file, had < Long.parseLong(value), Errno.EAGAIN);
    }

    // ------------------------------------------------------------------ what is kept

    /** The text of the file afterwards; empty for one that Corral's own rules know. */
    Optional<String> stored(Path file, String value) {
        String name = String.valueOf(file.getFileName());
        return switch (name) {
            case "cpu.shares" -> {
                long shares = Long.decode(value);
                yield Optional.of(Long.toString(Math.max(2, Math.min(262_144, shares))));
            }
            case "cpu.idle" -> {
                boolean v1 = files.containsKey(file.resolveSibling("cpu.shares"));
                String weight = v1 ? value.equals("1") ? "3" : "1024" : value.equals("1") ? "0" : "100";
                set(file.resolveSibling(v1 ? "cpu.shares" : "cpu.weight"), weight);
                yield Optional.of(value);
            }
            case "cpu.weight.nice" -> {
                set(file.resolveSibling("cpu.weight"), Integer.toString(Nice.weight(Integer.parseInt(value))));
                yield Optional.of(value);
            }
            case "cpu.max" ->
                Optional.of(
                        value.contains(" ") ? value : value + " " + text(file).split(" ", 2)[1]);
            case "cpuset.cpus", "cpuset.mems" -> {
                Path effective = file.resolveSibling(name + ".effective");
                if (files.containsKey(effective)) {
                    set(effective, value.isEmpty() ? name.equals("cpuset.cpus") ? ONLINE.toString() : "0" : value);
                }
                yield Optional.of(CpuSet.parse(value).toString());
            }
            case "cpuset.cpus.partition" ->
                Optional.of(
                        value.equals("member")
                                        || !text(file.resolveSibling("cpuset.cpus"))
                                                .isEmpty()
                                ? value
                                : value + " invalid (cpuset.cpus.exclusive is empty)");
            case "memory.oom_control" ->
                Optional.of(text(file).replaceFirst("oom_kill_disable [01]", "oom_kill_disable " + value));
            case "memory.kmem.limit_in_bytes" -> Optional.of(UNLIMITED);
            case "memory.soft_limit_in_bytes",
                    "memory.max",
                    "memory.high",
                    "memory.low",
                    "memory.min",
                    "memory.swap.max",
                    "memory.swap.high" ->
                Optional.of(
                        value.equals("max") ? "max" : value.equals("-1") ? UNLIMITED : pages(value, FakeKernel.PAGE));
            case "cgroup.pressure" -> {
                pressure(file.resolveSibling(""), value.equals("1"));
                yield Optional.of(value);
            }
            case "devices.allow", "devices.deny" -> {
                devices(file.resolveSibling("devices.list"), name.endsWith("allow"), value);
                yield Optional.of("");
            }
            case "io.weight", "io.bfq.weight" -> Optional.of(value);
            case "blkio.bfq.weight" -> Optional.of(value);
            case "io.max" -> Optional.of(ioMax(text(file), value));
            default ->
                name.startsWith("blkio.throttle.")
                        ? Optional.of(throttle(text(file), value))
                        : name.startsWith("hugetlb.") && name.endsWith("max")
                                ? Optional.of(
                                        value.equals("max")
                                                ? "max"
                                                : pages(value, name.contains("2MB") ? 1 << 21 : 1 << 30))
                                : Optional.empty();
        };
    }

    private static String throttle(String before, String value) {
        Map<String, String> lines = new TreeMap<>();
        before.lines().filter(line -> !line.isBlank()).forEach(line -> lines.put(line.split(" ", 2)[0], line));
        String[] words = value.split(" ", 2);
        if (words[1].equals("0")) {
            lines.remove(words[0]);
        } else {
            lines.put(words[0], value);
        }
        return String.join("\n", lines.values());
    }

    private static String ioMax(String before, String value) {
        Map<String, Map<String, String>> lines = new TreeMap<>();
        before.lines().filter(line -> !line.isBlank()).forEach(line -> lines.put(line.split(" ", 2)[0], pairs(line)));
        Map<String, String> line =
                lines.computeIfAbsent(value.split(" ", 2)[0], device -> pairs("rbps=max wbps=max riops=max wiops=max"));
        line.putAll(pairs(value));
        lines.values().removeIf(all -> all.values().stream().allMatch("max"::equals));
        return lines.entrySet().stream()
                .map(entry -> entry.getKey() + " "
                        + entry.getValue().entrySet().stream()
                                .map(pair -> pair.getKey() + "=" + pair.getValue())
                                .collect(Collectors.joining(" ")))
                .collect(Collectors.joining("\n"));
    }

    private static Map<String, String> pairs(String line) {
        Map<String, String> pairs = new LinkedHashMap<>();
        for (String word : line.split(" ", -1)) {
            int equals = word.indexOf('=');
            if (equals > 0) {
                pairs.put(word.substring(0, equals), word.substring(equals + 1));
            }
        }
        return pairs;
    }

    private void devices(Path list, boolean allow, String value) {
        if (value.equals("a")) {
            set(list, allow ? "a *:* rwm" : "");
            return;
        }
        DeviceRule rule = DeviceRule.parse(value);
        Map<String, DeviceRule> rules = new LinkedHashMap<>();
        String before = text(list);
        before.lines()
                .filter(line -> !line.isBlank() && !line.startsWith("a "))
                .map(DeviceRule::parse)
                .forEach(each -> rules.put(each.devices(), each));
        Set<DeviceRule.Access> access = rules.containsKey(rule.devices())
                ? new java.util.HashSet<>(rules.get(rule.devices()).access())
                : new java.util.HashSet<>();
        if (allow) {
            access.addAll(rule.access());
        } else {
            access.removeAll(rule.access());
        }
        rules.remove(rule.devices());
        if (!access.isEmpty()) {
            rules.put(rule.devices(), new DeviceRule(rule.type(), rule.major(), rule.minor(), access));
        }
        if (!before.startsWith("a ")) {
            set(list, rules.values().stream().map(DeviceRule::toString).collect(Collectors.joining("\n")));
        }
    }

    private void pressure(Path directory, boolean on) {
        for (String resource : List.of("cpu", "memory", "io")) {
            Path file = directory.resolve(resource + ".pressure");
            if (on) {
                set(
                        file,
                        "some avg10=0.00 avg60=0.00 avg300=0.00 total=0\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=0");
            } else {
                files.remove(file);
            }
        }
    }

    // ------------------------------------------------------------------ helpers

    private boolean aChildHasMore(Path file, String value) {
        return below(file).stream()
                .map(this::text)
                .anyMatch(quota -> !quota.equals("-1") && Long.parseLong(quota) > Long.parseLong(value));
    }

    private boolean hasChildren(Path file) {
        return !below(file).isEmpty();
    }

    /** The file of that name in each group directly below. */
    private List<Path> below(Path file) {
        return files.keySet().stream()
                .filter(other -> other.getFileName().equals(file.getFileName())
                        && other.getNameCount() == file.getNameCount() + 1
                        && other.startsWith(file.getParent()))
                .toList();
    }

    private static String pages(String value, long size) {
        return Long.toString(Long.parseLong(value) / size * size);
    }

    private static void refuse(Path file, boolean wrong, int errno) {
        if (wrong) {
            throw new ErrnoException("write", file.toString(), errno);
        }
    }

    private void all(Path directory, String namesAndTexts) {
        for (String each : namesAndTexts.split(" ", -1)) {
            int equals = each.indexOf('=');
            set(directory.resolve(each.substring(0, equals)), each.substring(equals + 1));
        }
    }

    private void set(Path file, String text) {
        files.put(file, text + "\n");
    }

    private String text(Path file) {
        return files.getOrDefault(file, "").strip();
    }

    private long number(Path file) {
        return KernelNumber.parse(text(file)).orElse(0L);
    }
}
