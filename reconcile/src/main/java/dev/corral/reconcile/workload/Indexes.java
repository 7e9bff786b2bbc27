package dev.corral.reconcile.workload;

import java.util.BitSet;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** Indexes of a job, each once. Immutable; written as {@code 1-3,5}. Source: Kubernetes API, {@code completedIndexes}. */
final class Indexes {
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}");

    private final BitSet bits;

    private Indexes(BitSet bits) {
        this.bits = bits;
    }

    static Indexes none() {
        return new Indexes(new BitSet());
    }

    /** Reads what was written, as far as it is well-formed, and leaves out what is not below a bound. */
    static Indexes read(String text, int bound) {
        BitSet bits = new BitSet();
        for (String item : text.split(",", -1)) {
            List<String> ends = List.of(item.split("-", -1));
            if (ends.size() > 2
                    || !ends.stream().allMatch(end -> NUMBER.matcher(end).matches())) {
                break;
            }
            int first = Integer.parseInt(ends.get(0));
            int last = Math.min(bound - 1, Integer.parseInt(ends.get(ends.size() - 1)));
            if (first <= last) {
                bits.set(first, last + 1);
            }
        }
        return new Indexes(bits);
    }

    Indexes with(int index) {
        BitSet more = (BitSet) bits.clone();
        more.set(index);
        return new Indexes(more);
    }

    boolean has(int index) {
        return bits.get(index);
    }

    int size() {
        return bits.cardinality();
    }

    IntStream stream() {
        return bits.stream();
    }

    /** Three or more in a row are a range. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (int first = bits.nextSetBit(0); first >= 0; first = bits.nextSetBit(bits.nextClearBit(first))) {
            int last = bits.nextClearBit(first) - 1;
            text.append(text.isEmpty() ? "" : ",").append(first);
            if (last > first) {
                text.append(last == first + 1 ? ',' : '-').append(last);
            }
        }
        return text.toString();
    }
}
