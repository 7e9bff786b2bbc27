package dev.corral.cgroups;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/** CPU time from files of either version. */
sealed interface CpuFiles {
    /** Empty if the group has none of them. */
    Optional<CpuStat> read(Scratch scratch);

    /**
     * Time from cpuacct, and throttling from the cpu controller, which may sit in another hierarchy. Source: cpuacct.rst,
     * sched-bwc.rst.
     *
     * @param ticks {@code cpuacct.stat}, for kernels without the exact files
     */
    record V1(ControlFile usage, ControlFile user, ControlFile system, ControlFile ticks, ControlFile stat)
            implements CpuFiles {
        private static final long NANOS_OF_TICK = 10_000_000;

        static V1 open(GroupFiles files, GroupDirectory acct, GroupDirectory cpu) {
            ControlFile user = files.open(acct, "cpuacct.usage_user");
            boolean exact = files.isKept() && user.exists();
            return new V1(
                    files.open(acct, "cpuacct.usage"),
                    user,
                    files.open(acct, "cpuacct.usage_sys"),
                    exact ? user : files.open(acct, "cpuacct.stat"),
                    files.open(cpu, "cpu.stat"));
        }

        @Override
        public Optional<CpuStat> read(Scratch scratch) {
            if (!usage.number(scratch)) {
                return Optional.empty();
            }
            Duration used = Times.nanos(scratch.words.value());
            Optional<Duration> inUser = time(user, scratch);
            Optional<Duration> inKernel;
            if (inUser.isPresent()) {
                inKernel = time(system, scratch);
            } else {
                Optional<Keyed> both = ticks.keyed(scratch);
                inUser = both.flatMap(keyed -> keyed.get("user")).map(V1::ofTicks);
                inKernel = both.flatMap(keyed -> keyed.get("system")).map(V1::ofTicks);
            }
            Keyed details = stat.keys(scratch);
            return Optional.of(new CpuStat(used, inUser, inKernel, throttling(scratch, details), details));
        }

        private static Optional<Duration> time(ControlFile file, Scratch scratch) {
            return file.number(scratch) ? Optional.of(Times.nanos(scratch.words.value())) : Optional.empty();
        }

        private static Duration ofTicks(long count) {
            return Duration.ofNanos(Math.min(count, Long.MAX_VALUE / NANOS_OF_TICK) * NANOS_OF_TICK);
        }

        private static Optional<CpuStat.Throttling> throttling(Scratch scratch, Keyed details) {
            return details.isEmpty() ? Optional.empty() : CpuFiles.throttling(scratch.restart(), "throttled_time");
        }
    }

    /**
     * All from {@code cpu.stat}. Source: cgroup-v2.rst, "CPU Interface Files".
     *
     * @param v1 the version 1 group with the cpu controller on a hybrid host; the same file on a version 2 host
     */
    record V2(ControlFile stat, ControlFile v1) implements CpuFiles {
        static V2 open(GroupFiles files, GroupDirectory group, Optional<GroupDirectory> cpuV1) {
            ControlFile stat = files.open(group, "cpu.stat");
            return new V2(stat, cpuV1.map(cpu -> files.open(cpu, "cpu.stat")).orElse(stat));
        }

        @Override
        public Optional<CpuStat> read(Scratch scratch) {
            if (!stat.read(scratch)) {
                return Optional.empty();
            }
            Duration used = Duration.ZERO;
            Optional<Duration> user = Optional.empty();
            Optional<Duration> system = Optional.empty();
            boolean known = false;
            Words words = scratch.words;
            while (words.nextLine()) {
                if (!words.nextWord()) {
                    continue;
                }
                if (words.is("usage_usec")) {
                    if (words.nextWord() && words.isNumber()) {
                        used = Times.micros(words.value());
                        known = true;
                    }
                } else if (words.is("user_usec")) {
                    user = time(words);
                } else if (words.is("system_usec")) {
                    system = time(words);
                }
            }
            if (!known) {
                return Optional.empty();
            }
            Keyed details = Keyed.lines(scratch.bytes(), 0, scratch.length());
            Optional<CpuStat.Throttling> throttling = v1 == stat
                    ? CpuFiles.throttling(scratch.restart(), "throttled_usec")
                    : v1.read(scratch) ? CpuFiles.throttling(scratch.words, "throttled_time") : Optional.empty();
            return Optional.of(new CpuStat(used, user, system, throttling, details));
        }

        private static Optional<Duration> time(Words words) {
            return words.nextWord() && words.isNumber() ? Optional.of(Times.micros(words.value())) : Optional.empty();
        }
    }

    /** How its CPU limit slowed a group down by now; empty if it has no cpu controller. */
    static Optional<CpuStat.Throttling> throttling(GroupDirectory group) {
        byte[] text = group.text("cpu.stat").orElse("").getBytes(StandardCharsets.UTF_8);
        return throttling(
                new Words().over(text, 0, text.length),
                group.hierarchy().unified() ? "throttled_usec" : "throttled_time");
    }

    /**
     * The part of {@code cpu.stat} that only the cpu controller writes.
     *
     * @param timeKey {@code throttled_time} in nanoseconds or {@code throttled_usec}
     */
    private static Optional<CpuStat.Throttling> throttling(Words words, String timeKey) {
        long periods = 0;
        long throttled = 0;
        long time = 0;
        boolean known = false;
        while (words.nextLine()) {
            if (!words.nextWord()) {
                continue;
            }
            if (words.is("nr_periods")) {
                known = words.nextWord() && words.isNumber();
                periods = known ? words.count() : 0;
            } else if (words.is("nr_throttled")) {
                throttled = words.nextWord() && words.isNumber() ? words.count() : 0;
            } else if (words.is(timeKey)) {
                time = words.nextWord() && words.isNumber() ? words.value() : 0;
            }
        }
        if (!known) {
            return Optional.empty();
        }
        Duration waited = timeKey.equals("throttled_usec") ? Times.micros(time) : Times.nanos(time);
        return Optional.of(new CpuStat.Throttling(periods, throttled, waited));
    }
}
