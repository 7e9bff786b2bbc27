package dev.corral.internal.linux;

import com.sun.jna.Native;

/** What the kernel does with terminals. Source: ioctl_tty(2). */
public final class TerminalCalls {
    private static final int TIOCSWINSZ = 0x5414;

    private TerminalCalls() {}

    /** Sets the size of a terminal, in characters, by a descriptor of either end. Source: TIOCSWINSZ(2const). */
    public static void resize(int terminal, int columns, int rows) {
        int[] size = {rows | columns << 16, 0};
        if (Raw.ioctl(terminal, (long) TIOCSWINSZ, size) != 0) {
            throw new ErrnoException("ioctl(TIOCSWINSZ)", "", Native.getLastError());
        }
    }

    /** The functions of libc as they are. */
    private static final class Raw {
        static {
            NativePart.map(Raw.class);
        }

        private Raw() {}

        static native int ioctl(int fd, long request, int[] argument);
    }
}
