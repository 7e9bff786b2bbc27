package dev.corral.reconcile.testing;

import java.util.ArrayList;
import java.util.List;

/** A run in one line: the seed and the faults that strike, as in {@code 7f3a:crash@17,lag(Pod 800ms)@21}. */
record ReplayLine(long seed, List<Strike> strikes) {
    ReplayLine {
        strikes = List.copyOf(strikes);
    }

    /** @throws IllegalArgumentException if it isn't one */
    static ReplayLine parse(String text) {
        int colon = text.indexOf(':');
        if (colon < 1) {
            throw new IllegalArgumentException("'" + text + "' is no replay line: one looks like 7f3a:crash@17");
        }
        List<Strike> strikes = new ArrayList<>();
        for (String part : text.substring(colon + 1).split(",", -1)) {
            if (!part.isBlank()) {
                strikes.add(Strike.parse(part.strip()));
            }
        }
        try {
            return new ReplayLine(Long.parseUnsignedLong(text.substring(0, colon), 16), strikes);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("'" + text + "' begins with no seed: that is a hexadecimal number", e);
        }
    }

    static String text(long seed, List<Strike> strikes) {
        return Long.toHexString(seed) + ":"
                + String.join(",", strikes.stream().map(Strike::toString).toList());
    }
}
