package dev.corral.cgroups;

import dev.corral.internal.linux.Errno;
import java.nio.file.Path;
import java.util.Optional;

/** Files with a line for each device, and what the kernel says about devices. */
final class DeviceLines {
    private static final Path ALL = Path.of("/sys/dev/block");

    private DeviceLines() {}

    /**
     * Lets a change be compared with the device's own line.
     *
     * @param expected the rest of the line afterwards; empty if there is to be none
     */
    static Change line(Change change, DeviceNumber device, String expected) {
        return change.seen(text -> valueOf(text, device).orElse(""), expected);
    }

    /** The rest of the line of a device; empty if it has none. */
    static Optional<String> valueOf(String text, DeviceNumber device) {
        String start = device + " ";
        return text.lines()
                .map(String::strip)
                .filter(line -> line.startsWith(start))
                .map(line -> line.substring(start.length()).strip())
                .findFirst();
    }

    /** What a refusal of a rule means. */
    static CgroupException refused(
            GroupDirectory group, String file, DeviceNumber device, String value, CgroupException refused) {
        Failure failure = Failure.of("write", group.path().resolve(file))
                .value(value)
                .errno(refused.errno().orElse(""));
        if (refused.is(Errno.ENODEV)) {
            return new UnsupportedLimit(noDevice(group.host().tree(), device, failure), refused);
        }
        if (refused.is(Errno.ERANGE)) {
            return new UnsupportedLimit(
                    failure.why("the kernel takes no such number").hint("write max to remove it"), refused);
        }
        if (refused.is(Errno.EOPNOTSUPP)) {
            String scheduler = group.host()
                    .tree()
                    .read(ALL.resolve(device.toString()).resolve("queue/scheduler"))
                    .map(text -> ", the scheduler in use is in brackets: " + text.strip())
                    .orElse("");
            return new UnsupportedLimit(
                    failure.why("neither io.cost nor bfq is active on the device" + scheduler)
                            .hint("enable io.cost.qos for " + device + ", or make bfq its scheduler"),
                    refused);
        }
        return refused;
    }

    /** A partition lies in the directory of its disk. */
    private static Failure noDevice(Tree tree, DeviceNumber device, Failure failure) {
        Path entry = ALL.resolve(device.toString());
        if (tree.read(entry.resolve("partition")).isEmpty()) {
            return failure.why("there is no block device " + device);
        }
        String disk = tree.read(entry.resolve("../dev")).map(String::strip).orElse("its disk");
        return failure.why(device + " is a partition").hint("limit " + disk);
    }
}
