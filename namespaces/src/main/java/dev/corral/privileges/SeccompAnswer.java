package dev.corral.privileges;

/** What a handler makes of a system call. Source: seccomp_unotify(2). */
public sealed interface SeccompAnswer {
    /**
     * The call is left out and fails.
     *
     * @param errno the error code, 1 to 4095
     */
    record Fails(int errno) implements SeccompAnswer {
        private static final int MAX_ERRNO = 4095;

        /** Refuses another error code with an IllegalArgumentException. */
        public Fails {
            if (errno < 1 || errno > MAX_ERRNO) {
                throw new IllegalArgumentException("error code " + errno + ": it must be between 1 and " + MAX_ERRNO);
            }
        }
    }

    /**
     * The call is left out and seems to have worked.
     *
     * @param value what it returns
     */
    record Returns(long value) implements SeccompAnswer {}

    /** The kernel makes the call as if nobody had been asked. Needs Linux 5.5. */
    record Proceeds() implements SeccompAnswer {}

    /** The call fails with an error code, 1 to 4095. */
    static SeccompAnswer errno(int errno) {
        return new Fails(errno);
    }

    /** The same by name, such as {@code EACCES}. */
    static SeccompAnswer errno(String name) {
        return new Fails(SeccompAction.errnoNumber(name));
    }

    /** The call seems to have worked and returns this. */
    static SeccompAnswer value(long value) {
        return new Returns(value);
    }

    /** The kernel makes the call as if nobody had been asked. Needs Linux 5.5. */
    static SeccompAnswer proceed() {
        return new Proceeds();
    }
}
