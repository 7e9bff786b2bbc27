package dev.corral.cgroups;

import dev.corral.ByteSize;
import dev.corral.internal.linux.Errno;
import dev.corral.internal.linux.ErrnoException;
import dev.corral.internal.linux.Fd;
import dev.corral.internal.linux.LibC;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A peak that counts from a moment of one's own. The kernel resets a peak for the open file that asks, and for nobody else;
 * so this holds a file open, and is to be closed. Safe for use by several threads.
 *
 * <p>Source: {@code memory.peak} of cgroup-v2.rst, Linux 6.12.
 */
public final class PeakMeter implements AutoCloseable {
    private static final byte[] RESET = "reset\n".getBytes(StandardCharsets.UTF_8);
    private static final int LONGEST = 64;

    private final GroupDirectory group;
    private final String file;
    private final Fd fd;
    private final ReentrantLock use = new ReentrantLock();

    private PeakMeter(GroupDirectory group, String file, Fd fd) {
        this.group = group;
        this.file = file;
        this.fd = fd;
    }

    /** Opens and resets it. */
    static PeakMeter open(GroupDirectory group, String file) {
        PeakMeter meter;
        try {
            meter = new PeakMeter(group, file, Descriptors.open(group, file, LibC.O_RDWR));
        } catch (ErrnoException e) {
            throw group.exists(file) ? tooOld(group, file, e) : group.missing(file);
        }
        try {
            meter.reset();
        } catch (CgroupException e) {
            meter.close();
            throw e;
        }
        return meter;
    }

    /** The peak since the last reset. */
    public ByteSize peak() {
        use.lock();
        try {
            byte[] text = new byte[LONGEST];
            int length = LibC.pread(fd.number(), text, text.length, 0);
            String digits = new String(text, 0, length, StandardCharsets.UTF_8);
            return ByteSize.bytes(KernelNumber.parse(digits).orElseThrow(() -> group.unreadable(file, digits)));
        } catch (ErrnoException e) {
            throw group.refusal().refused("read", file, "", e);
        } finally {
            use.unlock();
        }
    }

    /** Begins again with what is in use now. */
    public void reset() {
        use.lock();
        try {
            LibC.write(fd.number(), RESET, RESET.length);
        } catch (ErrnoException e) {
            throw e.errno() == Errno.EINVAL
                    ? tooOld(group, file, e)
                    : group.refusal().refused("write", file, "reset", e);
        } finally {
            use.unlock();
        }
    }

    @Override
    public void close() {
        use.lock();
        try {
            fd.close();
        } finally {
            use.unlock();
        }
    }

    private static UnsupportedLimit tooOld(GroupDirectory group, String file, ErrnoException e) {
        return new UnsupportedLimit(
                Failure.of("write", group.path().resolve(file))
                        .value("reset")
                        .errno(e)
                        .why("this kernel keeps one peak for everybody; from Linux 6.12 on it can be reset"),
                e);
    }
}
