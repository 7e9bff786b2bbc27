package dev.corral.cgroups;

import java.util.Arrays;

/** Sums for one device after the other, in arrays that are used again. */
final class Devices {
    static final int READ_BYTES = 0;
    static final int WRITTEN_BYTES = 1;
    static final int DISCARDED_BYTES = 2;
    static final int READS = 3;
    static final int WRITES = 4;
    static final int DISCARDS = 5;
    private static final int SUMS = 6;

    private long[] ids = new long[8];
    private long[] sums = new long[8 * SUMS];
    /** One bit for each sum that was set. */
    private int[] seen = new int[8];
    /** Those of which an earlier source has told. */
    private boolean[] told = new boolean[8];

    private int count;
    private int malformed;

    void clear() {
        Arrays.fill(sums, 0, count * SUMS, 0);
        Arrays.fill(seen, 0, count, 0);
        Arrays.fill(told, 0, count, false);
        count = 0;
        malformed = 0;
    }

    /**
     * The index of a device, a new one at the end.
     *
     * @param id its major number in the upper half, its minor number in the lower
     */
    int of(long id) {
        for (int i = 0; i < count; i++) {
            if (ids[i] == id) {
                return i;
            }
        }
        if (count == ids.length) {
            ids = Arrays.copyOf(ids, 2 * count);
            seen = Arrays.copyOf(seen, 2 * count);
            told = Arrays.copyOf(told, 2 * count);
            sums = Arrays.copyOf(sums, 2 * count * SUMS);
        }
        ids[count] = id;
        return count++;
    }

    void add(int index, int sum, long value) {
        int at = index * SUMS + sum;
        sums[at] = sums[at] + value < 0 ? Long.MAX_VALUE : sums[at] + value;
        seen[index] |= 1 << sum;
    }

    void malformed() {
        malformed++;
    }

    /** How many lines or words had another shape. */
    int malformedCount() {
        return malformed;
    }

    int count() {
        return count;
    }

    int major(int index) {
        return (int) (ids[index] >>> 32);
    }

    int minor(int index) {
        return (int) ids[index];
    }

    boolean has(int index, int sum) {
        return (seen[index] & 1 << sum) != 0;
    }

    /** Whether any number at all was given for the device. */
    boolean hasAny(int index) {
        return seen[index] != 0;
    }

    long get(int index, int sum) {
        return sums[index * SUMS + sum];
    }

    /** Another source begins: what is known of a device that is not all 0 stands. */
    void nextSource() {
        for (int device = 0; device < count; device++) {
            told[device] = !isZero(device);
        }
    }

    /** Whether an earlier source has told of the device. */
    boolean isTold(int index) {
        return told[index];
    }

    /** Whether the present source has told of traffic of any device. */
    boolean hasNews() {
        for (int device = 0; device < count; device++) {
            if (!told[device] && !isZero(device)) {
                return true;
            }
        }
        return false;
    }

    /** Whether every sum of every device is 0. */
    boolean isZero() {
        return isZero(0, count);
    }

    /** Whether every sum of one device is 0. */
    boolean isZero(int index) {
        return isZero(index, index + 1);
    }

    private boolean isZero(int from, int to) {
        for (int i = from * SUMS; i < to * SUMS; i++) {
            if (sums[i] != 0) {
                return false;
            }
        }
        return true;
    }
}
