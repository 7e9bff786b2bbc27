package dev.corral;

/** A limit that the kernel keeps for each process, or for each user. Source: getrlimit(2). */
public enum Rlimit {
    /** CPU time, in seconds. */
    CPU(0),
    /** The size of a file that it writes, in bytes. */
    FSIZE(1),
    /** Data segment, in bytes. */
    DATA(2),
    /** Stack of its first thread, in bytes. */
    STACK(3),
    /** A core file, in bytes. */
    CORE(4),
    /** Resident memory; without effect on today's kernels. */
    RSS(5),
    /** Processes of its user. */
    NPROC(6),
    /** One more than the highest descriptor. */
    NOFILE(7),
    /** Locked memory, in bytes. */
    MEMLOCK(8),
    /** Address space, in bytes. Programs that reserve much and use little, a JVM for instance, break under it. */
    AS(9),
    /** File locks; without effect on today's kernels. */
    LOCKS(10),
    /** Queued signals of its user. */
    SIGPENDING(11),
    /** POSIX message queues of its user, in bytes. */
    MSGQUEUE(12),
    /** Ceiling of the nice value, as 20 less nice. */
    NICE(13),
    /** Ceiling of the real-time priority. */
    RTPRIO(14),
    /** CPU time of a real-time process without a blocking call, in microseconds. */
    RTTIME(15);

    /** No limit. */
    public static final long UNLIMITED = -1;

    private final int number;

    Rlimit(int number) {
        this.number = number;
    }

    /** The number in resource.h, the same on x86-64 and aarch64. */
    int number() {
        return number;
    }

    /**
     * A soft limit, which is in force, and the hard one up to which the process may raise it; {@link #UNLIMITED} or 0 and
     * more, in the unit of the limit.
     */
    public record Value(long soft, long hard) {
        public Value {
            if (soft < UNLIMITED || hard < UNLIMITED) {
                throw new IllegalArgumentException(
                        "rlimit " + soft + " " + hard + ": it must be 0 or more, or UNLIMITED");
            }
            if (Long.compareUnsigned(soft, hard) > 0) {
                throw new IllegalArgumentException(
                        "rlimit " + text(soft) + " " + text(hard) + ": the soft one is above the hard one");
            }
        }

        private static String text(long value) {
            return value == UNLIMITED ? "unlimited" : Long.toString(value);
        }

        @Override
        public String toString() {
            return text(soft) + ":" + text(hard);
        }
    }
}
