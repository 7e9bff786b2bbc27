package dev.corral.reconcile.workload;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A number, or a percentage of a number known later. Source: Kubernetes API, {@code IntOrString} as deployments use it.
 *
 * @param amount the number or the percentage, 0 or more
 * @param unit which of the two
 */
public record IntOrPercent(int amount, Unit unit) {
    private static final Pattern PERCENT = Pattern.compile("([0-9]{1,9})%");

    /** What an amount counts. */
    public enum Unit {
        COUNT,
        PERCENT
    }

    /** Refuses a negative amount with an IllegalArgumentException. */
    public IntOrPercent {
        if (amount < 0) {
            throw new IllegalArgumentException("amount of " + amount + ": it must be 0 or more");
        }
    }

    public static IntOrPercent of(int count) {
        return new IntOrPercent(count, Unit.COUNT);
    }

    public static IntOrPercent percent(int percentage) {
        return new IntOrPercent(percentage, Unit.PERCENT);
    }

    /** Reads a percentage, such as {@code 25%}; a text without the sign is an IllegalArgumentException. */
    public static IntOrPercent parse(String text) {
        Matcher matcher = PERCENT.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("not a percentage: \"" + text + "\"; write for instance 25%");
        }
        return percent(Integer.parseInt(matcher.group(1)));
    }

    /** The number itself, or the percentage of a total, rounded up. */
    public int scaledUp(int total) {
        return scaled(total, 99);
    }

    /** The number itself, or the percentage of a total, rounded down. */
    public int scaledDown(int total) {
        return scaled(total, 0);
    }

    /** Whether it is no percentage above 100. */
    boolean atMostAll() {
        return unit == Unit.COUNT || amount <= 100;
    }

    private int scaled(int total, int rounding) {
        return unit == Unit.COUNT
                ? amount
                : (int) Math.min(Integer.MAX_VALUE, ((long) amount * total + rounding) / 100);
    }

    @Override
    public String toString() {
        return unit == Unit.COUNT ? Integer.toString(amount) : amount + "%";
    }
}
