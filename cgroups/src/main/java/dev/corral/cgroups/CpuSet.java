package dev.corral.cgroups;

import java.util.BitSet;
import java.util.Collection;
import java.util.List;
import java.util.StringJoiner;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Numbers of CPUs, or of memory nodes, as the kernel lists them: {@code 0-3,7}. Immutable.
 *
 * <p>Source: cpuset(7), "List format".
 */
public final class CpuSet {
    private static final Pattern PART = Pattern.compile("([0-9]{1,5})(?:-([0-9]{1,5}))?");
    private static final int HIGHEST = 65_535;
    private static final CpuSet NONE = new CpuSet(new BitSet());

    private final BitSet numbers;

    private CpuSet(BitSet numbers) {
        this.numbers = numbers;
    }

    /** No number at all: what a group has that takes over what the group above has. */
    public static CpuSet none() {
        return NONE;
    }

    /** The set of these numbers, each of them 0 or more. */
    public static CpuSet of(int... numbers) {
        BitSet bits = new BitSet();
        for (int number : numbers) {
            bits.set(checked(number));
        }
        return new CpuSet(bits);
    }

    /** The same. */
    public static CpuSet of(Collection<Integer> numbers) {
        return of(numbers.stream().mapToInt(Integer::intValue).toArray());
    }

    /** All from the first to the last, both included. */
    public static CpuSet range(int first, int last) {
        if (last < first) {
            throw new IllegalArgumentException("range " + first + "-" + last + " ends before it begins");
        }
        BitSet bits = new BitSet();
        bits.set(checked(first), checked(last) + 1);
        return new CpuSet(bits);
    }

    /** Reads the kernel's list; empty text is the empty set. Anything else is an IllegalArgumentException. */
    public static CpuSet parse(String text) {
        String list = text.strip();
        BitSet bits = new BitSet();
        for (String part : list.isEmpty() ? List.<String>of() : List.of(list.split(",", -1))) {
            Matcher matcher = PART.matcher(part);
            if (!matcher.matches()) {
                throw new IllegalArgumentException(
                        "not a list of numbers: \"" + list + "\"; write for instance \"0-3,7\"");
            }
            int first = Integer.parseInt(matcher.group(1));
            int last = matcher.group(2) == null ? first : Integer.parseInt(matcher.group(2));
            bits.or(range(first, last).numbers);
        }
        return new CpuSet(bits);
    }

    /** The numbers, ascending. */
    public List<Integer> numbers() {
        return numbers.stream().boxed().toList();
    }

    /** How many numbers it has. */
    public int size() {
        return numbers.cardinality();
    }

    /** Whether it has no number. */
    public boolean isEmpty() {
        return numbers.isEmpty();
    }

    /** Whether all the others are in this one. */
    public boolean containsAll(CpuSet others) {
        return others.minus(this).isEmpty();
    }

    /** The numbers that are in both. */
    public CpuSet and(CpuSet other) {
        BitSet bits = copy();
        bits.and(other.numbers);
        return new CpuSet(bits);
    }

    /** The numbers that are in one of them, or in both. */
    public CpuSet or(CpuSet other) {
        BitSet bits = copy();
        bits.or(other.numbers);
        return new CpuSet(bits);
    }

    /** The numbers that are not in the other. */
    public CpuSet minus(CpuSet other) {
        BitSet bits = copy();
        bits.andNot(other.numbers);
        return new CpuSet(bits);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CpuSet set && numbers.equals(set.numbers);
    }

    @Override
    public int hashCode() {
        return numbers.hashCode();
    }

    /** As the kernel prints it; empty text for the empty set. */
    @Override
    public String toString() {
        StringJoiner list = new StringJoiner(",");
        for (int first = numbers.nextSetBit(0); first >= 0; ) {
            int end = numbers.nextClearBit(first);
            list.add(end - first == 1 ? Integer.toString(first) : first + "-" + (end - 1));
            first = numbers.nextSetBit(end);
        }
        return list.toString();
    }

    private BitSet copy() {
        return (BitSet) numbers.clone();
    }

    private static int checked(int number) {
        if (number < 0 || number > HIGHEST) {
            throw new IllegalArgumentException("number " + number + ": it must be between 0 and " + HIGHEST);
        }
        return number;
    }
}
