package dev.corral.cgroups;

import dev.corral.Applied;
import dev.corral.internal.linux.Errno;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which devices the processes of a version 1 group may use. A group either may use all but some, or none but some; below one of
 * the second kind no group gets more. Source: cgroup-v1/devices.rst.
 */
public final class DevicesV1 extends ControllerFiles {
    private static final String LIST = "devices.list";
    private static final String ALLOW = "devices.allow";
    private static final String DENY = "devices.deny";
    private static final String EVERYTHING = "a";
    /** For a moment after a child's removal, a longer one on a busy machine, the kernel still counts it and takes no rule about all. */
    private static final Duration REMOVAL = Duration.ofSeconds(2);

    DevicesV1(GroupDirectory group) {
        super(group);
    }

    @Override
    public String name() {
        return "devices";
    }

    /** Whether devices that no rule names may be used; rules that deny single ones are not shown by the kernel. */
    public boolean allowsByDefault() {
        return text(LIST).startsWith(EVERYTHING + " ");
    }

    /** What may be used; empty when {@link #allowsByDefault()}. */
    public List<DeviceRule> allowed() {
        if (allowsByDefault()) {
            return List.of();
        }
        String text = text(LIST);
        try {
            return text.lines()
                    .filter(line -> !line.isBlank())
                    .map(DeviceRule::parse)
                    .toList();
        } catch (IllegalArgumentException e) {
            throw group.unreadable(LIST, text);
        }
    }

    /** Allows what a rule says, on top of what is allowed. */
    public Applied.Entry allow(DeviceRule rule) {
        return write(ALLOW, rule.toString());
    }

    /** Takes away what a rule says. */
    public Applied.Entry deny(DeviceRule rule) {
        return write(DENY, rule.toString());
    }

    /** Allows all that the group above may; only while there are no groups below. */
    public Applied.Entry allowAll() {
        return write(ALLOW, EVERYTHING);
    }

    /** Denies all; only while there are no groups below. */
    public Applied.Entry denyAll() {
        return write(DENY, EVERYTHING);
    }

    /**
     * Allows exactly this, with the writes that lead there from what is allowed now: one rule at a time, because of two in one
     * write the kernel takes the first and drops the other in silence.
     */
    public Applied allowOnly(Collection<DeviceRule> rules) {
        List<Applied.Entry> entries = new ArrayList<>();
        if (allowsByDefault()) {
            entries.add(denyAll());
        }
        Map<String, DeviceRule> now = byDevices(allowed());
        Map<String, DeviceRule> wanted = byDevices(rules);
        now.forEach((devices, rule) ->
                without(rule, Optional.ofNullable(wanted.get(devices))).ifPresent(gone -> entries.add(deny(gone))));
        wanted.forEach((devices, rule) ->
                without(rule, Optional.ofNullable(now.get(devices))).ifPresent(added -> entries.add(allow(added))));
        return new Applied(entries);
    }

    private Applied.Entry write(String file, String value) {
        group.requireAlive("write", file);
        if (value.equals(EVERYTHING)) {
            List<KernelRefused> refusals = new ArrayList<>();
            group.host().backoff().until(REMOVAL, () -> {
                refusals.clear();
                try {
                    group.write(file, value);
                } catch (KernelRefused e) {
                    refusals.add(e);
                }
                return refusals.isEmpty()
                        || !refusals.get(0).is(Errno.EINVAL)
                        || group.tree().size() > 1;
            });
            if (!refusals.isEmpty()) {
                throw refused(file, value, refusals.get(0));
            }
        } else {
            writeRule(file, value);
        }
        return new Applied.Entry(
                file,
                value,
                Optional.of(path().resolve(file).toString()),
                Optional.of(value),
                Optional.of(text(LIST).replace("\n", ", ")),
                "");
    }

    private void writeRule(String file, String value) {
        try {
            group.write(file, value);
        } catch (KernelRefused e) {
            throw refused(file, value, e);
        } catch (NotDelegated e) {
            throw file.equals(ALLOW) && e.errno().equals(Optional.of("EPERM")) ? notAbove(value, e) : e;
        }
    }

    private CgroupException refused(String file, String value, KernelRefused e) {
        List<GroupDirectory> below = group.tree();
        if (e.is(Errno.EINVAL) && value.equals(EVERYTHING) && below.size() > 1) {
            return new UnsupportedLimit(
                    Failure.of("write", path().resolve(file))
                            .value(value)
                            .errno("EINVAL")
                            .why("a rule about all devices needs a group without groups below, and "
                                    + below.get(1).path() + " is there")
                            .hint("set it before groups are made in this one"),
                    e);
        }
        return e;
    }

    private CgroupException notAbove(String value, CgroupException e) {
        String has = group.upwards().stream()
                .skip(1)
                .findFirst()
                .map(above -> ", " + above.path() + ", has: "
                        + above.text(LIST).orElse("").strip().replace("\n", ", "))
                .orElse("");
        return new UnsupportedLimit(
                Failure.of("write", path().resolve(ALLOW))
                        .value(value)
                        .errno("EPERM")
                        .why("a group can't be allowed more than the one above" + has),
                e);
    }

    private static Map<String, DeviceRule> byDevices(Collection<DeviceRule> rules) {
        Map<String, DeviceRule> byDevices = new LinkedHashMap<>();
        rules.forEach(rule -> byDevices.merge(rule.devices(), rule, (one, other) -> {
            Set<DeviceRule.Access> both = EnumSet.copyOf(one.access());
            both.addAll(other.access());
            return new DeviceRule(one.type(), one.major(), one.minor(), both);
        }));
        return byDevices;
    }

    /** The access of a rule that another one on the same devices does not have; empty if that is none. */
    private static Optional<DeviceRule> without(DeviceRule rule, Optional<DeviceRule> other) {
        Set<DeviceRule.Access> rest = EnumSet.copyOf(rule.access());
        other.ifPresent(same -> rest.removeAll(same.access()));
        return rest.isEmpty()
                ? Optional.empty()
                : Optional.of(new DeviceRule(rule.type(), rule.major(), rule.minor(), rest));
    }
}
