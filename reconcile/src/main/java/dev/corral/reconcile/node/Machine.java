package dev.corral.reconcile.node;

import dev.corral.ByteSize;
import dev.corral.internal.linux.Sysctl;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Facts about this machine and this JVM that decide what works, as far as they can be read. */
final class Machine {
    private static final Path SYSCTL = Path.of("/proc/sys");
    /** Settings by which hosts keep user namespaces from ordinary users; many kernels have only some of them. */
    private static final List<String> SETTINGS = List.of(
            "user/max_user_namespaces",
            "kernel/unprivileged_userns_clone",
            "kernel/apparmor_restrict_unprivileged_userns",
            "kernel/sched_autogroup_enabled",
            "fs/suid_dumpable");

    private static final List<String> OF_PROCESS =
            List.of("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb", "NoNewPrivs", "Seccomp", "Seccomp_filters");

    private Machine() {}

    static List<String> facts() {
        List<String> facts = new ArrayList<>();
        facts.add("Linux " + Sysctl.read(SYSCTL.resolve("kernel/osrelease")).orElse("of unknown release") + ", "
                + System.getProperty("os.arch")
                + distribution(text(Path.of("/etc/os-release")))
                        .map(name -> ", " + name)
                        .orElse(""));
        facts.add("Java " + System.getProperty("java.runtime.version") + ", " + System.getProperty("java.vm.vendor"));
        Runtime jvm = Runtime.getRuntime();
        facts.add(jvm.availableProcessors() + " processors, heap up to " + ByteSize.bytes(jvm.maxMemory()));
        Map<String, String> status = status(text(Path.of("/proc/self/status")));
        facts.add("real, effective, saved and file uid " + status.getOrDefault("Uid", "unknown") + ", gid "
                + status.getOrDefault("Gid", "unknown"));
        facts.add(OF_PROCESS.stream()
                .filter(status::containsKey)
                .map(name -> name + " " + status.get(name))
                .collect(Collectors.joining(", ")));
        facts.add("uid map "
                + line(Path.of("/proc/self/uid_map"))
                        .map(map -> map.strip().replaceAll("\\s+", " "))
                        .orElse("unknown"));
        line(Path.of("/sys/kernel/security/lsm")).ifPresent(modules -> facts.add("security modules " + modules));
        for (String setting : SETTINGS) {
            Sysctl.read(SYSCTL.resolve(setting))
                    .ifPresent(value -> facts.add(setting.replace('/', '.') + " = " + value));
        }
        return facts;
    }

    /** What os-release(5) calls the system. */
    static Optional<String> distribution(String osRelease) {
        return osRelease
                .lines()
                .filter(line -> line.startsWith("PRETTY_NAME="))
                .map(line -> line.substring("PRETTY_NAME=".length()).replace("\"", ""))
                .findFirst();
    }

    /** The lines of a status file by their names, the values' blanks made one. Source: proc_pid_status(5). */
    static Map<String, String> status(String text) {
        Map<String, String> values = new TreeMap<>();
        text.lines().forEach(line -> {
            int colon = line.indexOf(':');
            if (colon > 0) {
                values.put(
                        line.substring(0, colon),
                        line.substring(colon + 1).strip().replaceAll("\\s+", " "));
            }
        });
        return values;
    }

    private static Optional<String> line(Path file) {
        return text(file).lines().findFirst();
    }

    /** Empty for what can't be read: not every kernel has everything, and not everybody may see it. */
    private static String text(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        } catch (IOException absent) {
            return "";
        }
    }
}
