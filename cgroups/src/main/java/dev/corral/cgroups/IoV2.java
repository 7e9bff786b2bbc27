package dev.corral.cgroups;

import dev.corral.Applied;
import java.util.List;
import java.util.Optional;

/** Block devices of version 2. Source: cgroup-v2.rst, "IO Interface Files". */
public final class IoV2 extends ControllerFiles {
    private static final String MAX = "io.max";
    private static final String WEIGHT = "io.weight";
    private static final String BFQ_WEIGHT = "io.bfq.weight";

    IoV2(GroupDirectory group) {
        super(group);
    }

    @Override
    public String name() {
        return "io";
    }

    /** The rules of {@code io.max}, one for each device that has one; what a line does not name is empty. */
    public List<IoMax> max() {
        return text(MAX).lines().map(IoMax::parse).flatMap(Optional::stream).toList();
    }

    /** The rule for a device; every part is there, unlimited where there is no rule. */
    public IoMax max(DeviceNumber device) {
        return IoMax.unlimited(device)
                .of(max().stream().filter(rule -> rule.device().equals(device)).findFirst());
    }

    /** Sets what is asked for of one device, and leaves the rest. */
    public Applied.Entry max(IoMax max) {
        group.requireAlive("write", MAX);
        return max(max, Pen.writing());
    }

    /** The weight for devices without one of their own; empty without io.cost and its like. */
    public Optional<Integer> weight() {
        return weight(WEIGHT);
    }

    /**
     * Sets the default of {@code io.weight}.
     *
     * @param weight 1 to 10000
     */
    public Applied.Entry weight(int weight) {
        return weight(WEIGHT, weight, 10_000);
    }

    /** Sets {@code io.weight} for one device, 1 to 10000; io.cost must be on for it. */
    public Applied.Entry weight(DeviceNumber device, int weight) {
        return weight(WEIGHT, device, weight, 10_000);
    }

    /** The weight that the scheduler BFQ goes by; empty in kernels without it. */
    public Optional<Integer> bfqWeight() {
        return weight(BFQ_WEIGHT);
    }

    /**
     * Sets the default of {@code io.bfq.weight}.
     *
     * @param weight 1 to 1000
     */
    public Applied.Entry bfqWeight(int weight) {
        return weight(BFQ_WEIGHT, weight, 1000);
    }

    /** Sets {@code io.bfq.weight} for one device, 1 to 1000, Linux 5.4; BFQ must be its scheduler. */
    public Applied.Entry bfqWeight(DeviceNumber device, int weight) {
        return weight(BFQ_WEIGHT, device, weight, 1000);
    }

    Applied.Entry max(IoMax max, Pen pen) {
        String value = max.toString();
        return pen.put(change(MAX, value, value)
                .seen(
                        text -> max.of(text.lines()
                                        .map(IoMax::parse)
                                        .flatMap(Optional::stream)
                                        .filter(rule -> rule.device().equals(max.device()))
                                        .findFirst())
                                .toString(),
                        value)
                .refusedAs(e -> DeviceLines.refused(group, MAX, max.device(), value, e)));
    }

    private Optional<Integer> weight(String file) {
        return group.text(file)
                .map(text -> KernelNumber.parse(BlkioV1.withoutDefault(text))
                        .orElseThrow(() -> group.unreadable(file, text))
                        .intValue());
    }

    private Applied.Entry weight(String file, int weight, int most) {
        requireBetween(file, weight, 1, most);
        return put(change(file, weight, "default " + weight).seen(BlkioV1::withoutDefault, Integer.toString(weight)));
    }

    private Applied.Entry weight(String file, DeviceNumber device, int weight, int most) {
        requireBetween(file, weight, 1, most);
        String value = device + " " + weight;
        return put(DeviceLines.line(change(file, value, value), device, Integer.toString(weight))
                .refusedAs(e -> DeviceLines.refused(group, file, device, value, e)));
    }
}
