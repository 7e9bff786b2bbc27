package dev.corral;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a process that runs has used, from two files of /proc. */
final class LiveUsage {
    /** USER_HZ, which is the same on x86-64 and aarch64. */
    private static final long TICKS_PER_SECOND = 100;
    /** utime, stime, cutime and cstime, counted from the state on. Source: proc_pid_stat(5). */
    private static final int USER = 11;

    private static final Pattern PEAK = Pattern.compile("VmHWM:\\s*([0-9]+) kB");

    private LiveUsage() {}

    /** Empty if there is no such process, or it is a zombie. */
    static Optional<ResourceUsage> of(long pid) {
        Path process = Path.of("/proc", Long.toString(pid));
        try {
            return parse(read(process.resolve("stat")), read(process.resolve("status")));
        } catch (IOException gone) {
            return Optional.empty();
        }
    }

    static Optional<ResourceUsage> parse(String stat, String status) {
        Matcher peak = PEAK.matcher(status);
        String[] fields = stat.substring(stat.lastIndexOf(')') + 1).strip().split(" ", -1);
        if (!peak.find() || fields.length < USER + 4) {
            return Optional.empty();
        }
        return Optional.of(new ResourceUsage(
                time(fields[USER], fields[USER + 2]),
                time(fields[USER + 1], fields[USER + 3]),
                ByteSize.kibibytes(Long.parseLong(peak.group(1)))));
    }

    /** Its own, and that of the children it has waited for. */
    private static Duration time(String own, String children) {
        return Duration.ofMillis((Long.parseLong(own) + Long.parseLong(children)) * (1000 / TICKS_PER_SECOND));
    }

    /** Not decoded strictly: a name may have any bytes. */
    private static String read(Path file) throws IOException {
        return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
    }
}
