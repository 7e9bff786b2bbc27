package dev.corral.cgroups;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** CPU time of version 1, in nanoseconds. Source: cgroup-v1/cpuacct.rst. */
public final class CpuAcctV1 extends ControllerFiles {
    private static final String USAGE = "cpuacct.usage";

    CpuAcctV1(GroupDirectory group) {
        super(group);
    }

    @Override
    public String name() {
        return "cpuacct";
    }

    /** All CPU time used here and below, in user mode and in the kernel. */
    public Duration usage() {
        return Duration.ofNanos(number(USAGE));
    }

    /** In user mode; empty before Linux 4.10. */
    public Optional<Duration> usageUser() {
        return group.number("cpuacct.usage_user").map(Duration::ofNanos);
    }

    /** In the kernel; empty before Linux 4.10. */
    public Optional<Duration> usageSystem() {
        return group.number("cpuacct.usage_sys").map(Duration::ofNanos);
    }

    /** The time on each CPU, by its number. */
    public List<Duration> usagePerCpu() {
        String file = "cpuacct.usage_percpu";
        String text = text(file);
        return Arrays.stream(text.split("[ \t]+", -1))
                .map(word -> KernelNumber.parse(word).orElseThrow(() -> group.unreadable(file, text)))
                .map(Duration::ofNanos)
                .toList();
    }

    /**
     * The time on one CPU.
     *
     * @param cpu its number
     * @param user in user mode
     * @param system in the kernel
     */
    public record CpuTime(int cpu, Duration user, Duration system) {}

    /**
     * The same in two parts, from {@code cpuacct.usage_all}; empty before Linux 4.10. Newer kernels count these by ticks, so
     * that the sum may differ from {@link #usagePerCpu()}.
     */
    public Optional<List<CpuTime>> usageAll() {
        String file = "cpuacct.usage_all";
        return group.text(file).map(text -> {
            List<List<String>> rows = text.lines()
                    .map(line -> List.of(line.strip().split("[ \t]+", -1)))
                    .toList();
            List<String> heading = rows.isEmpty() ? List.of() : rows.get(0);
            int cpu = heading.indexOf("cpu");
            int user = heading.indexOf("user");
            int system = heading.indexOf("system");
            if (cpu < 0 || user < 0 || system < 0) {
                throw group.unreadable(file, text);
            }
            return rows.stream()
                    .skip(1)
                    .filter(row -> row.size() == heading.size())
                    .map(row -> new CpuTime(
                            (int) number(file, row.get(cpu)),
                            Duration.ofNanos(number(file, row.get(user))),
                            Duration.ofNanos(number(file, row.get(system)))))
                    .toList();
        });
    }

    private long number(String file, String word) {
        return KernelNumber.parse(word).orElseThrow(() -> group.unreadable(file, word));
    }

    /** Begins to count from 0 again. */
    public void reset() {
        group.write(USAGE, "0");
    }
}
