package dev.corral.reconcile.node;

import dev.corral.reconcile.Clock;
import dev.corral.reconcile.workload.ContainerLog;
import dev.corral.reconcile.workload.LogLine;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** The newest lines of one run, up to a size, in memory; older ones are dropped. */
final class LineLog implements ContainerLog {
    private static final int LONGEST_LINE = 16 * 1024;
    /** What a line takes besides its text. */
    private static final int OVERHEAD = 64;

    private final Clock clock;
    private final long size;
    private final Optional<LogFiles> files;
    private final ByteArrayOutputStream open = new ByteArrayOutputStream();
    private final Deque<LogLine> lines = new ArrayDeque<>();
    private long kept;
    private long dropped;
    private boolean ended;

    /**
     * Empty so far.
     *
     * @param files where all lines go besides
     */
    LineLog(Clock clock, long size, Optional<LogFiles> files) {
        this.clock = clock;
        this.size = size;
        this.files = files;
    }

    synchronized void append(byte[] bytes, int count) {
        for (int i = 0; i < count; i++) {
            if (bytes[i] == '\n') {
                cut();
            } else {
                open.write(bytes[i]);
                if (open.size() >= LONGEST_LINE) {
                    cut();
                }
            }
        }
    }

    private void cut() {
        LogLine line = new LogLine(clock.now(), open.toString(StandardCharsets.UTF_8));
        open.reset();
        lines.addLast(line);
        kept += cost(line);
        while (kept > size && lines.size() > 1) {
            kept -= cost(lines.removeFirst());
            dropped++;
        }
        files.ifPresent(all -> all.write(line));
        notifyAll();
    }

    private static long cost(LogLine line) {
        return (long) line.text().length() + OVERHEAD;
    }

    /** Nothing will come any more. */
    synchronized void end() {
        if (open.size() > 0) {
            cut();
        }
        ended = true;
        files.ifPresent(LogFiles::end);
        notifyAll();
    }

    @Override
    public List<LogLine> lines() {
        return files.map(LogFiles::lines).orElseGet(this::recent);
    }

    private synchronized List<LogLine> recent() {
        return List.copyOf(lines);
    }

    @Override
    public Follower follow() {
        return new Reader();
    }

    /** The line of a number, counted from the first one ever. */
    private LogLine line(long number) {
        return lines.stream().skip(number - dropped).findFirst().orElseThrow();
    }

    private final class Reader implements Follower {
        private long next;
        private long missed;
        private boolean closed;

        Reader() {
            synchronized (LineLog.this) {
                next = dropped;
            }
        }

        @Override
        public Optional<LogLine> next(Duration timeout) throws InterruptedException {
            long end = System.nanoTime() + timeout.toNanos();
            synchronized (LineLog.this) {
                while (!closed && !ended && next >= dropped + lines.size()) {
                    long left = end - System.nanoTime();
                    if (left <= 0) {
                        return Optional.empty();
                    }
                    LineLog.this.wait(left / 1_000_000 + 1);
                }
                if (next < dropped) {
                    missed += dropped - next;
                    next = dropped;
                }
                return closed || next >= dropped + lines.size() ? Optional.empty() : Optional.of(line(next++));
            }
        }

        @Override
        public boolean ended() {
            synchronized (LineLog.this) {
                return closed || (ended && next >= dropped + lines.size());
            }
        }

        @Override
        public long missed() {
            synchronized (LineLog.this) {
                return missed;
            }
        }

        @Override
        public void close() {
            synchronized (LineLog.this) {
                closed = true;
                LineLog.this.notifyAll();
            }
        }
    }
}
