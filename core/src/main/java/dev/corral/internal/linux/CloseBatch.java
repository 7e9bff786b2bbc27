package dev.corral.internal.linux;

import java.util.Arrays;

/**
 * Descriptors that are closed together: neighbours by one call of the kernel, since all numbers between the first and the last are
 * this batch's own. Only one thread uses it at a time. Source: close_range(2), since Linux 5.9; where it is refused each is closed
 * alone.
 */
public final class CloseBatch implements AutoCloseable {
    private static final int SYS_CLOSE_RANGE = 436;
    private static final int BEGIN = 48;

    /* Here and not in a class of their own, which could not be loaded once this JVM has no descriptor left. */
    static {
        NativePart.map(CloseBatch.class);
    }

    private int[] numbers = new int[BEGIN];
    private int count;

    /** Takes a descriptor that nobody else closes. */
    public void add(int fd) {
        if (count == numbers.length) {
            numbers = Arrays.copyOf(numbers, 2 * count);
        }
        numbers[count] = fd;
        count++;
    }

    public boolean isEmpty() {
        return count == 0;
    }

    /** Closes what is in it, and takes more then. */
    @Override
    public void close() {
        Arrays.sort(numbers, 0, count);
        int first = 0;
        while (first < count) {
            int next = first + 1;
            while (next < count && numbers[next] == numbers[next - 1] + 1) {
                next++;
            }
            close(first, next);
            first = next;
        }
        count = 0;
    }

    private void close(int first, int next) {
        if (next - first == 1 || syscall(SYS_CLOSE_RANGE, numbers[first], numbers[next - 1], 0) != 0) {
            for (int i = first; i < next; i++) {
                close(numbers[i]);
            }
        }
    }

    private static native long syscall(long number, long first, long last, long flags);

    private static native int close(int fd);
}
