package dev.corral.cgroups;

import java.util.EnumSet;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Which devices processes may open or make. Source: cgroup-v1/devices.rst.
 *
 * @param type block or character devices
 * @param major empty for all of them
 * @param minor empty for all of them
 * @param access at least one
 */
public record DeviceRule(Type type, OptionalInt major, OptionalInt minor, Set<Access> access) {
    private static final Pattern TEXT = Pattern.compile("([bc]) ([0-9]+|\\*):([0-9]+|\\*) ([rwm]{1,3})");

    /** Kinds of devices. */
    public enum Type {
        BLOCK,
        CHARACTER;

        @Override
        public String toString() {
            return this == BLOCK ? "b" : "c";
        }
    }

    /** What is done with a device. */
    public enum Access {
        READ,
        WRITE,
        /** Making a device file, mknod(2). */
        MAKE;

        @Override
        public String toString() {
            return this == MAKE ? "m" : this == READ ? "r" : "w";
        }
    }

    /** Refuses a rule without access, and negative numbers, with an IllegalArgumentException. */
    public DeviceRule {
        if (access.isEmpty()) {
            throw new IllegalArgumentException("a device rule needs one of r, w and m");
        }
        if (major.orElse(0) < 0 || minor.orElse(0) < 0) {
            throw new IllegalArgumentException("device " + major + ":" + minor + ": the numbers must be 0 or more");
        }
        access = Set.copyOf(access);
    }

    /** One device with all access. */
    public static DeviceRule of(Type type, DeviceNumber device) {
        return new DeviceRule(
                type, OptionalInt.of(device.major()), OptionalInt.of(device.minor()), EnumSet.allOf(Access.class));
    }

    /** Reads {@code c 1:3 rwm}, {@code b 8:* r}. */
    public static DeviceRule parse(String text) {
        Matcher matcher = TEXT.matcher(text.strip());
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "not a device rule: \"" + text.strip() + "\"; write for instance \"c 1:3 rwm\" or \"b 8:* r\"");
        }
        Set<Access> access = EnumSet.noneOf(Access.class);
        String letters = matcher.group(4);
        for (Access each : Access.values()) {
            if (letters.contains(each.toString())) {
                access.add(each);
            }
        }
        return new DeviceRule(
                matcher.group(1).equals("b") ? Type.BLOCK : Type.CHARACTER,
                number(matcher.group(2)),
                number(matcher.group(3)),
                access);
    }

    /** The same devices, with this access instead. */
    public DeviceRule access(Access first, Access... more) {
        return new DeviceRule(type, major, minor, EnumSet.of(first, more));
    }

    /** As the kernel prints it. */
    @Override
    public String toString() {
        return devices() + " " + access.stream().sorted().map(Access::toString).collect(Collectors.joining());
    }

    /** The rule without its access: the kernel keeps one line for each. */
    String devices() {
        return type + " " + text(major) + ":" + text(minor);
    }

    private static String text(OptionalInt number) {
        return number.isPresent() ? Integer.toString(number.getAsInt()) : "*";
    }

    private static OptionalInt number(String text) {
        return text.equals("*") ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(text));
    }
}
