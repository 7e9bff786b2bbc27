package dev.corral.examples.quickstart.payload;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Takes memory and touches it, a mebibyte at a time, until a limit ends it. Where there is no limit it stops by itself after
 * 1 GiB, so that it can't harm the machine, or after as many mebibytes as its argument says.
 */
public final class Allocator {
    private static final int MEBIBYTE = 1 << 20;
    private static final int DEFAULT_MEBIBYTES = 1024;
    private static final int REPORT_EVERY = 16;

    private Allocator() {}

    /** Takes at most one argument: after how many mebibytes to stop. */
    public static void main(String[] arguments) {
        int most = arguments.length == 0 ? DEFAULT_MEBIBYTES : Integer.parseInt(arguments[0]);
        List<ByteBuffer> held = new ArrayList<>();
        while (held.size() < most) {
            held.add(ByteBuffer.allocateDirect(MEBIBYTE)); // outside the heap, and zeroed: every page is touched
            if (held.size() % REPORT_EVERY == 0) {
                System.out.println("holding " + held.size() + " MiB");
            }
        }
        System.out.println("no limit stopped this program: it stops by itself at " + held.size() + " MiB");
    }
}
