package dev.corral.network;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Optional;

/**
 * How a child's interface looks from inside.
 *
 * @param mtu in bytes; empty for the kernel's choice
 */
record Interface(String name, Optional<Integer> mtu) {
    private static final int LONGEST_NAME = 15;
    private static final int SMALLEST_MTU = 68;
    private static final int LARGEST_MTU = 65_535;

    Interface {
        checkedName(name);
        mtu.ifPresent(bytes -> {
            if (bytes < SMALLEST_MTU || bytes > LARGEST_MTU) {
                throw new IllegalArgumentException(
                        "mtu " + bytes + ": it is between " + SMALLEST_MTU + " and " + LARGEST_MTU + " bytes");
            }
        });
    }

    static Interface standard() {
        return new Interface("eth0", Optional.empty());
    }

    Interface name(String other) {
        return new Interface(other, mtu);
    }

    Interface mtu(int bytes) {
        return new Interface(name, Optional.of(bytes));
    }

    /** What the kernel takes for a name, less {@code %}, which it would replace by a number. */
    static String checkedName(String name) {
        int length = name.getBytes(UTF_8).length;
        if (length < 1
                || length > LONGEST_NAME
                || name.equals(".")
                || name.equals("..")
                || name.chars().anyMatch(c -> c <= ' ' || c == '/' || c == ':' || c == '%')) {
            throw new IllegalArgumentException("interface name \"" + name.replace("\0", "\\0") + "\": it has 1 to "
                    + LONGEST_NAME + " bytes without blank, slash, colon or percent sign");
        }
        return name;
    }
}
