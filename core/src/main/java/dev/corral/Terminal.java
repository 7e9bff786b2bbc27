package dev.corral;

import dev.corral.internal.linux.ErrnoException;
import dev.corral.internal.linux.Fd;
import dev.corral.internal.linux.TerminalCalls;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The JVM's end of a child's terminal: what is written to {@link Child#getOutputStream()} is typed there, what is shown there
 * is read from {@link Child#getInputStream()}. Closed with the child. Safe for any thread. Source: pty(7).
 */
public final class Terminal {
    private final ReentrantLock lock = new ReentrantLock();
    private final Fd master;

    Terminal(Fd master) {
        this.master = master;
    }

    /**
     * The size of a terminal, in characters.
     *
     * @param columns 1 to 65,535
     * @param rows 1 to 65,535
     */
    public record Size(int columns, int rows) {
        private static final int MOST = 65_535;

        public Size {
            if (columns < 1 || columns > MOST || rows < 1 || rows > MOST) {
                throw new IllegalArgumentException(
                        "a terminal of " + columns + " by " + rows + ": both lie between 1 and " + MOST);
            }
        }

        /** 80 columns, 24 rows. */
        public static Size standard() {
            return new Size(80, 24);
        }

        @Override
        public String toString() {
            return columns + "x" + rows;
        }
    }

    /** Changes the size; the program is told by SIGWINCH. Without effect once the child is closed. */
    public void resize(Size size) {
        lock.lock();
        try {
            if (master.isOpen()) {
                TerminalCalls.resize(master.number(), size.columns(), size.rows());
            }
        } catch (ErrnoException failed) {
            throw new IllegalStateException("a terminal can't be made " + size, failed);
        } finally {
            lock.unlock();
        }
    }

    void close() {
        lock.lock();
        try {
            master.close();
        } finally {
            lock.unlock();
        }
    }
}
