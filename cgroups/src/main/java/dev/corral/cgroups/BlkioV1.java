package dev.corral.cgroups;

import dev.corral.Applied;
import dev.corral.ByteSize;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Block devices of version 1. Throttling counts only what is charged to the group, which buffered writes mostly are not.
 * Source: cgroup-v1/blkio-controller.rst.
 */
public final class BlkioV1 extends ControllerFiles {
    private static final String THROTTLE = "blkio.throttle.";
    private static final String READ_BYTES = THROTTLE + "read_bps_device";
    private static final String WRITE_BYTES = THROTTLE + "write_bps_device";
    private static final String READ_OPS = THROTTLE + "read_iops_device";
    private static final String WRITE_OPS = THROTTLE + "write_iops_device";
    private static final String BFQ_WEIGHT = "blkio.bfq.weight";
    private static final String CFQ_WEIGHT = "blkio.weight";
    private static final String LEAF_WEIGHT = "blkio.leaf_weight";
    private static final String BUFFERED = "buffered writes mostly are not counted";

    BlkioV1(GroupDirectory group) {
        super(group);
    }

    @Override
    public String name() {
        return "blkio";
    }

    /** The rules for a device; every part is there, unlimited where there is no rule. */
    public IoMax throttle(DeviceNumber device) {
        return IoMax.of(device)
                .readBytes(rate(READ_BYTES, device)
                        .<Limit<ByteSize>>map(r -> Limit.of(ByteSize.bytes(r)))
                        .orElseGet(Limit::max))
                .writeBytes(rate(WRITE_BYTES, device)
                        .<Limit<ByteSize>>map(r -> Limit.of(ByteSize.bytes(r)))
                        .orElseGet(Limit::max))
                .readOps(rate(READ_OPS, device).<Limit<Long>>map(Limit::of).orElseGet(Limit::max))
                .writeOps(rate(WRITE_OPS, device).<Limit<Long>>map(Limit::of).orElseGet(Limit::max));
    }

    /** Sets the rules that are asked for, one write each, and leaves the others. */
    public Applied throttle(IoMax max) {
        group.requireAlive("write", READ_BYTES);
        return throttle(max, Pen.writing());
    }

    /** The weight among groups that want more than a device has; empty where no scheduler of the kernel has weights. */
    public Optional<Integer> weight() {
        return weightFile().map(file -> (int) defaultWeight(file));
    }

    /**
     * Sets {@code blkio.bfq.weight}, or where that is not there {@code blkio.weight}, which no kernel from 5.0 on has.
     *
     * @param weight 1 to 1000; 10 to 1000 for the latter
     */
    public Applied.Entry weight(int weight) {
        String file = weightFile()
                .orElseThrow(() -> new UnsupportedLimit(
                        Failure.of("write", path().resolve(BFQ_WEIGHT))
                                .why("this kernel has no scheduler with weights: neither " + BFQ_WEIGHT + " nor "
                                        + CFQ_WEIGHT + " is there"),
                        null));
        requireBetween(file, weight, file.equals(BFQ_WEIGHT) ? 1 : 10, 1000);
        return put(
                change(file, weight, Integer.toString(weight)).seen(BlkioV1::withoutDefault, Integer.toString(weight)));
    }

    /**
     * Sets the weight on one device. BFQ must be its scheduler.
     *
     * @param weight 1 to 1000
     */
    public Applied.Entry weight(DeviceNumber device, int weight) {
        String file = BFQ_WEIGHT + "_device";
        requireBetween(file, weight, 1, 1000);
        return put(DeviceLines.line(change(file, device + " " + weight, device + " " + weight), device, "" + weight)
                .refusedAs(e -> DeviceLines.refused(group, file, device, device + " " + weight, e)));
    }

    /** The weight of the group's own processes against the groups below; empty without CFQ, which went with Linux 5.0. */
    public Optional<Integer> leafWeight() {
        return group.exists(LEAF_WEIGHT) ? Optional.of((int) defaultWeight(LEAF_WEIGHT)) : Optional.empty();
    }

    /** Sets {@code blkio.leaf_weight}, 10 to 1000. */
    public Applied.Entry leafWeight(int weight) {
        requireBetween(LEAF_WEIGHT, weight, 10, 1000);
        return put(change(LEAF_WEIGHT, weight, Integer.toString(weight)));
    }

    /**
     * Whether the kernel counts I/O to a device here: it does from the first throttle rule on, and before that the files say 0.
     */
    public boolean isCounted(DeviceNumber device) {
        return List.of(READ_BYTES, WRITE_BYTES, READ_OPS, WRITE_OPS).stream()
                .anyMatch(file -> rate(file, device).isPresent());
    }

    /** Begins to count from 0 again. */
    public void resetStatistics() {
        group.write("blkio.reset_stats", "1");
    }

    Applied throttle(IoMax max, Pen pen) {
        List<Applied.Entry> entries = new ArrayList<>();
        max.readBytes().ifPresent(rate -> entries.add(rule(READ_BYTES, max.device(), IoMax.text(rate), pen)));
        max.writeBytes()
                .ifPresent(rate -> entries.add(
                        rule(WRITE_BYTES, max.device(), IoMax.text(rate), pen).noting(BUFFERED)));
        max.readOps().ifPresent(rate -> entries.add(rule(READ_OPS, max.device(), rate.toString(), pen)));
        max.writeOps()
                .ifPresent(rate -> entries.add(
                        rule(WRITE_OPS, max.device(), rate.toString(), pen).noting(BUFFERED)));
        return new Applied(entries);
    }

    private Applied.Entry rule(String file, DeviceNumber device, String rate, Pen pen) {
        String value = device + " " + (rate.equals("max") ? "0" : rate);
        return pen.put(
                DeviceLines.line(change(file, device + " " + rate, value), device, rate.equals("max") ? "" : rate)
                        .refusedAs(e -> DeviceLines.refused(group, file, device, value, e)));
    }

    private Optional<Long> rate(String file, DeviceNumber device) {
        return DeviceLines.valueOf(group.text(file).orElse(""), device).flatMap(KernelNumber::parse);
    }

    private Optional<String> weightFile() {
        return List.of(BFQ_WEIGHT, CFQ_WEIGHT).stream().filter(group::exists).findFirst();
    }

    private long defaultWeight(String file) {
        String text = text(file);
        return KernelNumber.parse(withoutDefault(text)).orElseThrow(() -> group.unreadable(file, text));
    }

    /** The first line is {@code default 100} where the file lists devices too. */
    static String withoutDefault(String text) {
        return text.lines().findFirst().orElse("").replace("default", "").strip();
    }
}
