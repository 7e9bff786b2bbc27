package dev.corral;

import dev.corral.internal.linux.ProcStat;
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
        if (!peak.find()) {
            return Optional.empty();
        }
        ByteSize most = ByteSize.kibibytes(Long.parseLong(peak.group(1)));
        return ProcStat.parse(stat)
                .map(used -> new ResourceUsage(time(used.userTicks()), time(used.systemTicks()), most));
    }

    private static Duration time(long ticks) {
        return Duration.ofMillis(ticks * (1000 / ProcStat.TICKS_PER_SECOND));
    }

    /** Not decoded strictly: a name may have any bytes. */
    private static String read(Path file) throws IOException {
        return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
    }
}
