package dev.corral.cgroups;

import static dev.corral.ByteSize.kibibytes;
import static dev.corral.ByteSize.mebibytes;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.corral.ByteSize;
import dev.corral.Child;
import dev.corral.Command;
import dev.corral.Exit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Direct reads and writes of a real block device: a spare one that is named, or the one below the temporary directory. */
@Tag("v2")
class IoEnforcementTest {
    private static final ByteSize RATE = mebibytes(2);
    private static final ByteSize BLOCK = kibibytes(64);
    private static final long BLOCKS = 128;
    private static final double LEAST = RealGroup.EMULATED ? 0.1 : 0.85;
    private static final double MOST = RealGroup.EMULATED ? 1.3 : 1.15;
    private static final int TRIES = 5;
    private static final Pattern SECONDS = Pattern.compile("copied, ([0-9.e-]+) s");

    @TempDir
    Path directory;

    @Test
    void writesKeepToTheRate() throws Exception {
        try (RealGroup tests = RealGroup.with(Controller.IO)) {
            Path target = target();
            Limits limits = tests.limits().io(IoMax.of(device(target)).writeBytes(RATE));

            keepsToTheRate(dd("/dev/zero", target.toString(), "oflag=direct").with(limits));
        }
    }

    @Test
    void readsKeepToTheRate() throws Exception {
        try (RealGroup tests = RealGroup.with(Controller.IO)) {
            Path target = target();
            assertThat(dd("/dev/zero", target.toString(), "oflag=direct").run().exit())
                    .matches(Exit::ok);
            Limits limits = tests.limits().io(IoMax.of(device(target)).readBytes(RATE));

            keepsToTheRate(dd(target.toString(), "/dev/null", "iflag=direct").with(limits));
        }
    }

    private static Command dd(String from, String to, String flag) {
        return Command.of(
                        "dd", "if=" + from, "of=" + to, "bs=" + BLOCK.bytes(), "count=" + BLOCKS, flag, "conv=notrunc")
                .env("LC_ALL", "C");
    }

    /** Other programs can keep it from its rate, and nothing gives it more. */
    private static void keepsToTheRate(Command command) throws Exception {
        List<Double> rates = new ArrayList<>();
        do {
            rates.add(rate(command));
            assertThat(rates).allSatisfy(rate -> assertThat(rate).isLessThanOrEqualTo(MOST));
        } while (rates.get(rates.size() - 1) < LEAST && rates.size() < TRIES);
        assertThat(rates).anySatisfy(rate -> assertThat(rate).isBetween(LEAST, MOST));
    }

    /** How fast it was by its own account, as a part of the rate that is allowed. */
    private static double rate(Command command) throws Exception {
        try (Child child = command.start()) {
            String said = new String(child.getErrorStream().readAllBytes(), UTF_8);
            assertThat(child.await()).as(said).matches(Exit::ok);
            Matcher seconds = SECONDS.matcher(said);
            assertThat(seconds.find()).as(said).isTrue();
            return BLOCKS * BLOCK.bytes() / Double.parseDouble(seconds.group(1)) / RATE.bytes();
        }
    }

    private Path target() {
        return RealGroup.spareDevice().orElse(directory.resolve("file"));
    }

    /** The whole disk: a part of one has no limit of its own. */
    private DeviceNumber device(Path target) throws IOException {
        if (RealGroup.spareDevice().isPresent()) {
            return DeviceNumber.at(target);
        }
        DeviceNumber number = DeviceNumber.ofRaw(((Number) Files.getAttribute(directory, "unix:dev")).longValue());
        Path device = Path.of("/sys/dev/block/" + number);
        assumeTrue(Files.exists(device), () -> directory + " lies on no block device, and no spare one is named");
        return Files.exists(device.resolve("partition"))
                ? DeviceNumber.parse(Files.readString(device.toRealPath().resolveSibling("dev"))
                        .strip())
                : number;
    }
}
